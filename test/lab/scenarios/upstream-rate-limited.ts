import { outside } from '../cluster/layout.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'upstream-rate-limited',
    how: 'a third of what a node with CoreDNS sends to it is dropped',
    break: (lab) =>
      lab.rule(
        'outside',
        'in',
        `ip saddr ${lab.node(1).address} ip daddr ${outside.upstream} udp dport 53 numgen random mod 100 < 30 drop`,
      ),
    expect: {
      severity: 'warning',
      kind: 'node',
      nodes: ['node-1'],
      story: /node-1, with 1 CoreDNS pod.*loses .* of its queries to 10\.77\.0\.53/,
    },
    heal: (lab) => lab.clearRules('outside'),
    within: { open: 2, close: 2 },
  },
]
