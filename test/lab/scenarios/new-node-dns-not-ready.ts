import { setTimeout as sleep } from 'node:timers/promises'
import type { ClusterNode } from '@oddnode/protocol'
import type { Scenario } from '../scenario.ts'

const both = ['node-local node-3', 'health node-3']
/** Until the aggregator has read the picture without the node. */
const READ_MILLISECONDS = 2500

export const scenarios: Scenario[] = [
  {
    fault: 'new-node-dns-not-ready',
    how: 'a node joins, and its node-local DNS does not run yet',
    break: async (lab) => {
      await Promise.all(both.map(lab.processes.stop))
      // It leaves and comes again as a new one: what was known of the old one is forgotten.
      const away: ClusterNode[] = []
      lab.changePicture(({ nodes }) => {
        const place = nodes.findIndex(({ name }) => name === 'node-3')
        away.push(...nodes.splice(place, 1))
      })
      await sleep(READ_MILLISECONDS)
      lab.changePicture(({ nodes }) => {
        nodes.push(...away.map((node) => ({ ...node, createdAt: Date.now() / 1000 })))
      })
    },
    expect: {
      severity: 'info',
      kind: 'node',
      nodes: ['node-3'],
      story: /node-3 is .* old and took pods before its DNS was ready/,
    },
    heal: ({ processes }) => both.forEach(processes.start),
  },
]
