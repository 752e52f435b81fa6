import { podResolvConf } from '../cluster/agents.ts'
import type { Lab } from '../cluster/lab.ts'
import { NODE_LOCAL } from '../cluster/layout.ts'
import { DOMAIN } from '../cluster/names.ts'
import type { Scenario } from '../scenario.ts'

async function giveDomain(lab: Lab, domain: string): Promise<void> {
  lab.writeResolvConf('node-3', 'pod', podResolvConf(NODE_LOCAL, domain))
  await lab.processes.restart('pod agent node-3')
}

export const scenarios: Scenario[] = [
  {
    fault: 'wrong-cluster-domain',
    how: "a node's kubelet has another cluster domain",
    break: (lab) => giveDomain(lab, 'kube.local'),
    expect: {
      severity: 'critical',
      kind: 'node',
      nodes: ['node-3'],
      story: /Pods on node-3 search kube\.local, CoreDNS serves cluster\.local/,
    },
    heal: (lab) => giveDomain(lab, DOMAIN),
  },
]
