import { CLUSTER_DNS_UPSTREAM } from '../cluster/layout.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'unexplained-difference',
    how: "pods of a node lose node-local DNS's own ClusterIP, which nothing in pods uses",
    break: (lab) => lab.rule('node-3', 'early', `ip saddr ${lab.node(3).pods} ip daddr ${CLUSTER_DNS_UPSTREAM} drop`),
    expect: {
      severity: 'warning',
      kind: 'node',
      nodes: ['node-3'],
      story: /node-3 differs from .*timeout.*10\.96\.0\.11/,
    },
    heal: (lab) => lab.clearRules('node-3'),
  },
]
