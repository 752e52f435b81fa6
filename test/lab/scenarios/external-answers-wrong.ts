import { outside } from '../cluster/layout.ts'
import { interpose, removeMiddleboxes } from '../cluster/middlebox.ts'
import type { Scenario } from '../scenario.ts'

const change = ['address', '10.66.66.66', 'not-for=cluster.local']

export const scenarios: Scenario[] = [
  {
    fault: 'external-answers-wrong',
    how: "a node's queries to the upstream end at a liar, who has an address for every name",
    break: async (lab) => {
      const { name, address } = lab.node(3)
      await interpose(lab, { member: name, server: outside.upstream, address, change })
    },
    expect: {
      severity: 'warning',
      kind: 'node',
      nodes: ['node-3'],
      story: /On node-3 .*(www\.example\.com resolves to|somebody rewrites DNS)/,
    },
    heal: removeMiddleboxes,
  },
  {
    fault: 'external-answers-wrong',
    how: 'the upstream has an address for every name',
    break: async (lab) => {
      await interpose(lab, {
        member: 'outside',
        server: outside.upstream,
        change: ['address', '203.0.113.9', 'not-for=example.com'],
      })
    },
    expect: { severity: 'warning', kind: 'cluster', story: /Names that do not exist get 203\.0\.113\.9/ },
    heal: removeMiddleboxes,
  },
]
