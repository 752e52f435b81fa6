import { CLUSTER_DNS_UPSTREAM, NODE_LOCAL, outside } from '../cluster/layout.ts'
import { interpose, removeMiddleboxes } from '../cluster/middlebox.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'node-dns-slow',
    how: 'every answer takes 200 ms longer on one node',
    break: async (lab) => {
      const { name, address } = lab.node(3)
      const remote = [
        ...lab.layout.endpoints.map((endpoint) => endpoint.address),
        outside.upstream,
        CLUSTER_DNS_UPSTREAM,
      ]
      const change = ['delay', '200']
      await interpose(lab, { member: name, server: NODE_LOCAL, change })
      await Promise.all(remote.map((server) => interpose(lab, { member: name, server, address, change })))
    },
    expect: { severity: 'info', kind: 'node', nodes: ['node-3'], story: /DNS on node-3 is right but slow/ },
    heal: removeMiddleboxes,
    within: { open: 2, close: 2 },
  },
]
