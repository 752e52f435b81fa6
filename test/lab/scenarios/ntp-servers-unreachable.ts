import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'ntp-servers-unreachable',
    how: 'a node drops 123/UDP',
    break: async (lab) => {
      await lab.rule('node-3', 'out', 'udp dport 123 drop')
      await lab.rule('node-3', 'forward', 'udp dport 123 drop')
    },
    expect: {
      severity: 'warning',
      kind: 'node',
      nodes: ['node-3'],
      story: /node-3 reaches none of its NTP servers \(10\.77\.0\.123\)/,
    },
    heal: (lab) => lab.clearRules('node-3'),
    within: { open: 2, close: 2 },
  },
  {
    fault: 'ntp-servers-unreachable',
    how: 'no daemon listens on the only NTP server',
    break: ({ processes }) => processes.stop('ntp-1'),
    expect: { severity: 'warning', kind: 'cluster', story: /NTP servers? .*10\.77\.0\.123/ },
    heal: ({ processes }) => processes.start('ntp-1'),
    within: { open: 2, close: 2 },
  },
]
