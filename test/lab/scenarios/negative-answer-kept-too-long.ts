import { CANARY } from '../cluster/names.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'negative-answer-kept-too-long',
    how: "a node's cache keeps that a new Service does not exist",
    break: async (lab) => {
      await lab.control('node-local node-3', 'local_zone', CANARY, 'always_nxdomain')
      lab.changePicture(({ canary }) => {
        if (canary) canary.changedAt = Date.now() / 1000
      })
    },
    expect: {
      severity: 'info',
      kind: 'node',
      nodes: ['node-3'],
      story: /On node-3 a Service created .* is still NXDOMAIN/,
    },
    heal: (lab) => lab.control('node-local node-3', 'local_zone_remove', CANARY),
    // Caches of life keep what was so long; that does not shrink with the rounds.
    within: { open: 4, close: 2 },
  },
]
