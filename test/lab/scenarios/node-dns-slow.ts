import { CLUSTER_DNS_UPSTREAM, NODE_LOCAL, outside } from '../cluster/layout.ts'
import { interpose, removeMiddleboxes } from '../cluster/middlebox.ts'
import { slowMilliseconds } from '../cluster/quick.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'node-dns-slow',
    how: 'every answer takes longer on one node, by 150 ms at rounds of a second',
    break: async (lab) => {
      const { name, address } = lab.node(3)
      const remote = [
        ...lab.layout.endpoints.map((endpoint) => endpoint.address),
        outside.upstream,
        CLUSTER_DNS_UPSTREAM,
      ]
      const change = ['delay', `${slowMilliseconds}`]
      await interpose(lab, { member: name, server: NODE_LOCAL, change })
      await Promise.all(remote.map((server) => interpose(lab, { member: name, server, address, change })))
    },
    expect: { severity: 'info', kind: 'node', nodes: ['node-3'], story: /DNS on node-3 is right but slow/ },
    heal: removeMiddleboxes,
    within: { open: 2, close: 2 },
  },
]
