import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'vantage-silent',
    how: 'the pod agent of a node is killed',
    break: ({ processes }) => processes.kill('pod agent node-3'),
    expect: {
      severity: 'critical',
      kind: 'node',
      nodes: ['node-3'],
      story: /Only the host agent of node-3 reports.*what pods see there is unknown/,
    },
    heal: ({ processes }) => processes.start('pod agent node-3'),
  },
  {
    fault: 'vantage-silent',
    how: 'the host agent of a node is killed',
    break: ({ processes }) => processes.kill('host agent node-3'),
    expect: {
      severity: 'warning',
      kind: 'node',
      nodes: ['node-3'],
      story: /Only the pod agent of node-3 reports.*what host processes see there is unknown/,
    },
    heal: ({ processes }) => processes.start('host agent node-3'),
  },
]
