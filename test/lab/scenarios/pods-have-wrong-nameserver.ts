import { podResolvConf } from '../cluster/agents.ts'
import type { Lab } from '../cluster/lab.ts'
import { CLUSTER_DNS, NODE_LOCAL } from '../cluster/layout.ts'
import type { Scenario } from '../scenario.ts'

/** As kubelet does it: another file in a new pod. */
async function giveNameserver(lab: Lab, nameserver: string): Promise<void> {
  lab.writeResolvConf('node-3', 'pod', podResolvConf(nameserver))
  await lab.processes.restart('pod agent node-3')
}

export const scenarios: Scenario[] = [
  {
    fault: 'pods-have-wrong-nameserver',
    how: 'pods of a node get an address that nobody has',
    break: (lab) => giveNameserver(lab, '10.96.0.99'),
    expect: {
      severity: 'critical',
      kind: 'node',
      nodes: ['node-3'],
      story: /Pods on node-3 get nameserver 10\.96\.0\.99, on the other nodes 169\.254\.20\.10.*does not answer/,
    },
    heal: (lab) => giveNameserver(lab, NODE_LOCAL),
  },
  {
    fault: 'pods-have-wrong-nameserver',
    how: 'pods of a node get the ClusterIP, which answers',
    break: (lab) => giveNameserver(lab, CLUSTER_DNS),
    expect: {
      severity: 'warning',
      kind: 'node',
      nodes: ['node-3'],
      story: /Pods on node-3 get nameserver 10\.96\.0\.10, on the other nodes 169\.254\.20\.10/,
    },
    heal: (lab) => giveNameserver(lab, NODE_LOCAL),
  },
]
