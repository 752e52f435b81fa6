import type { Scenario } from '../scenario.ts'

const both = ['node-local node-3', 'health node-3']

export const scenarios: Scenario[] = [
  {
    fault: 'new-node-dns-not-ready',
    how: 'node-local DNS of a node that is seconds old does not run yet',
    prepare: async (lab) => {
      lab.changePicture(({ nodes }) => {
        for (const node of nodes) if (node.name === 'node-3') node.createdAt = Date.now() / 1000
      })
    },
    break: async ({ processes }) => {
      await Promise.all(both.map(processes.stop))
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
