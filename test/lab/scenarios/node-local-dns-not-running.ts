import type { Scenario } from '../scenario.ts'

const both = ['node-local node-3', 'health node-3']

export const scenarios: Scenario[] = [
  {
    fault: 'node-local-dns-not-running',
    how: 'its process is gone, the address stays',
    break: async ({ processes }) => {
      await Promise.all(both.map(processes.stop))
    },
    expect: {
      severity: 'critical',
      kind: 'node',
      nodes: ['node-3'],
      story: /Node-local DNS on node-3 answers neither host nor pods: nothing listens on 169\.254\.20\.10/,
    },
    heal: ({ processes }) => both.forEach(processes.start),
  },
  {
    fault: 'node-local-dns-not-running',
    how: 'its process hangs',
    break: ({ processes }) => both.forEach(processes.freeze),
    expect: {
      severity: 'critical',
      kind: 'node',
      nodes: ['node-3'],
      story: /Node-local DNS on node-3 answers neither host nor pods: it hangs/,
    },
    heal: ({ processes }) => both.forEach(processes.thaw),
  },
]
