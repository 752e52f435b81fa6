import { askLargeNames } from '../cluster/large-names.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'udp-fragments-dropped',
    how: 'a node drops fragments',
    prepare: askLargeNames,
    break: (lab) => lab.rule('node-3', 'fragments', 'ip frag-off & 0x3fff != 0 drop'),
    expect: {
      severity: 'info',
      kind: 'node',
      nodes: ['node-3'],
      story: /Fragments do not reach node-3/,
      beside: ['large-answers-need-tcp'],
    },
    heal: (lab) => lab.clearRules('node-3'),
    within: { open: 3, close: 3 },
  },
]
