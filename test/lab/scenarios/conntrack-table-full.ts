import type { Scenario } from '../scenario.ts'

const MAX = 262_144
const table = (count: number, drop: number) => ({
  'sys/net/netfilter/nf_conntrack_count': `${count}\n`,
  'sys/net/netfilter/nf_conntrack_max': `${MAX}\n`,
  'net/stat/nf_conntrack': `entries insert_failed drop early_drop\n00000010 00000000 ${drop.toString(16).padStart(8, '0')} 00000000\n`,
})

export const scenarios: Scenario[] = [
  {
    fault: 'conntrack-table-full',
    how: 'new flows to port 53 are dropped, the counters from a stand-in for /proc',
    cluster: { procOf: () => table(1000, 0) },
    break: async (lab) => {
      lab.writeProc('node-3', table(MAX, 4000))
      await lab.rule('node-3', 'new', 'udp dport 53 ct state new drop')
      await lab.rule('node-3', 'forward', 'udp dport 53 ct state new drop')
      await lab.rule('node-3', 'new', 'tcp dport 53 ct state new drop')
      await lab.rule('node-3', 'forward', 'tcp dport 53 ct state new drop')
    },
    expect: { severity: 'critical', kind: 'node', nodes: ['node-3'], story: /connection table of node-3 is full/ },
    heal: async (lab) => {
      lab.writeProc('node-3', table(1000, 4000))
      await lab.clearRules('node-3')
    },
  },
  {
    fault: 'conntrack-table-full',
    how: 'the table is filled to 92 %, nothing is dropped yet',
    cluster: { procOf: () => table(1000, 0) },
    break: (lab) => lab.writeProc('node-3', table(Math.round(MAX * 0.92), 0)),
    expect: { severity: 'warning', kind: 'node', nodes: ['node-3'], story: /connection table of node-3/ },
    heal: (lab) => lab.writeProc('node-3', table(1000, 0)),
  },
]
