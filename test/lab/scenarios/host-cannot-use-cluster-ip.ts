import { CLUSTER_DNS, CLUSTER_DNS_UPSTREAM } from '../cluster/layout.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'host-cannot-use-cluster-ip',
    how: "replies to the host's own flows through ClusterIPs are dropped as they come in",
    break: async (lab) => {
      for (const address of [CLUSTER_DNS, CLUSTER_DNS_UPSTREAM])
        await lab.rule(
          'node-3',
          'late',
          `iifname "eth0" ct direction reply ct original ip saddr ${lab.node(3).address} ct original ip daddr ${address} drop`,
        )
    },
    expect: {
      severity: 'critical',
      kind: 'node',
      nodes: ['node-3'],
      story: /On node-3 host processes.* get no answer through 10\.96\.0\.1/,
    },
    heal: (lab) => lab.clearRules('node-3'),
  },
]
