import { replaceCanary } from '../cluster/canary.ts'
import { CANARY } from '../cluster/names.ts'
import { canaryAddresses } from '../cluster/picture.ts'
import { ttlSeconds } from '../cluster/quick.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'node-local-cache-stale',
    how: "a node's cache keeps the addresses from before a change",
    break: async (lab) => {
      for (const address of canaryAddresses(lab.layout.nodes))
        await lab.control('node-local node-3', 'local_data', `${CANARY}. ${ttlSeconds} IN A ${address}`)
      await replaceCanary(lab, ['coredns-1', 'coredns-2'])
    },
    expect: {
      severity: 'info',
      kind: 'node',
      nodes: ['node-3'],
      story: /Node-local DNS on node-3 returns addresses replaced at .*; CoreDNS has the new ones/,
    },
    heal: (lab) => lab.control('node-local node-3', 'local_data_remove', CANARY),
    // Caches of life keep what was so long; that does not shrink with the rounds.
    within: { open: 4, close: 2 },
  },
]
