import { NODE_LOCAL } from '../cluster/layout.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'udp-53-blocked',
    how: 'a node drops 53/UDP on its way out',
    break: async (lab) => {
      await lab.rule('node-3', 'out', `ip daddr != ${NODE_LOCAL} udp dport 53 drop`)
      await lab.rule('node-3', 'forward', 'udp dport 53 drop')
    },
    expect: {
      severity: 'critical',
      kind: 'node',
      nodes: ['node-3'],
      story: /From node-3 DNS over UDP fails while TCP works/,
    },
    heal: (lab) => lab.clearRules('node-3'),
  },
]
