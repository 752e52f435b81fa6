import { OUTSIDE, outside } from '../cluster/layout.ts'
import { interpose, removeMiddleboxes } from '../cluster/middlebox.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'upstream-resolver-failing',
    how: 'one node loses its way to it',
    break: async (lab) => {
      await lab.rule('node-3', 'out', `ip daddr ${outside.upstream} drop`)
      await lab.rule('node-3', 'forward', `ip daddr ${outside.upstream} drop`)
    },
    expect: {
      severity: 'critical',
      kind: 'node',
      nodes: ['node-3'],
      story: /From node-3 the upstream resolver 10\.77\.0\.53 does not answer/,
    },
    heal: (lab) => lab.clearRules('node-3'),
  },
  {
    fault: 'upstream-resolver-failing',
    how: 'it hangs',
    break: ({ processes }) => processes.freeze('upstream'),
    expect: {
      severity: 'critical',
      kind: 'cluster',
      story: /From every node the upstream resolver 10\.77\.0\.53 does not answer/,
    },
    heal: ({ processes }) => processes.thaw('upstream'),
  },
  {
    fault: 'upstream-resolver-failing',
    how: 'it answers SERVFAIL',
    break: async (lab) => {
      await interpose(lab, { member: OUTSIDE, server: outside.upstream, change: ['servfail'] })
    },
    expect: {
      severity: 'critical',
      kind: 'cluster',
      story: /From every node the upstream resolver 10\.77\.0\.53 answers SERVFAIL/,
    },
    heal: removeMiddleboxes,
  },
]
