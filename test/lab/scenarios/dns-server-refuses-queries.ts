import { OUTSIDE, outside } from '../cluster/layout.ts'
import { interpose, removeMiddleboxes } from '../cluster/middlebox.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'dns-server-refuses-queries',
    how: "the upstream's access list leaves out a node",
    break: async (lab) => {
      const clients = `ip saddr ${lab.node(3).address}`
      await interpose(lab, { member: OUTSIDE, server: outside.upstream, clients, change: ['refuse'] })
    },
    expect: { severity: 'warning', kind: 'node', nodes: ['node-3'], story: /10\.77\.0\.53 answers REFUSED to node-3/ },
    heal: removeMiddleboxes,
  },
  {
    fault: 'dns-server-refuses-queries',
    how: 'a CoreDNS pod refuses cluster names',
    break: async (lab) => {
      const { member, address } = lab.endpoint(2)
      await interpose(lab, { member, server: address, change: ['refuse', 'for=cluster.local'] })
    },
    expect: {
      severity: 'warning',
      kind: 'endpoint',
      subject: { role: 'endpoint', address: '10.244.2.54' },
      story: /answers REFUSED/,
    },
    heal: removeMiddleboxes,
  },
]
