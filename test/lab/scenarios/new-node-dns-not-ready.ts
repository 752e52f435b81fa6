import type { ClusterNode } from '@oddnode/protocol'
import { withinSeconds } from '../cluster/quick.ts'
import type { Scenario } from '../scenario.ts'
import { until } from '../until.ts'

const agents = ['host agent node-3', 'pod agent node-3']
const nodeLocalDns = ['node-local node-3', 'health node-3']

export const scenarios: Scenario[] = [
  {
    fault: 'new-node-dns-not-ready',
    how: 'a node joins, and its node-local DNS does not run yet',
    // It leaves with its agents and comes again as a new one: what was known of the old one is forgotten.
    break: async (lab) => {
      await Promise.all(agents.map(lab.processes.stop))
      const away: ClusterNode[] = []
      lab.changePicture(({ nodes }) => {
        const place = nodes.findIndex(({ name }) => name === 'node-3')
        away.push(...nodes.splice(place, 1))
      })
      await until(lab, 'node-3 has left', withinSeconds.open, ({ nodes }) =>
        nodes.every(({ name }) => name !== 'node-3'),
      )
      await Promise.all(nodeLocalDns.map(lab.processes.stop))
      lab.changePicture(({ nodes }) => {
        nodes.push(...away.map((node) => ({ ...node, createdAt: Date.now() / 1000 })))
      })
      agents.forEach(lab.processes.start)
    },
    expect: {
      severity: 'info',
      kind: 'node',
      nodes: ['node-3'],
      story: /node-3 is .* old and took pods before its DNS was ready/,
    },
    heal: ({ processes }) => nodeLocalDns.forEach(processes.start),
  },
]
