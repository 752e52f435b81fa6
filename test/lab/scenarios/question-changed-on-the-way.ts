import type { Lab } from '../cluster/lab.ts'
import { NODE_LOCAL } from '../cluster/layout.ts'
import { interpose, removeMiddleboxes } from '../cluster/middlebox.ts'
import type { Scenario } from '../scenario.ts'

/** Each node-local DNS and each CoreDNS pod. */
const everywhere = (lab: Lab) => [
  ...lab.layout.nodes.map(({ name }) => ({ member: name, server: NODE_LOCAL })),
  ...lab.layout.endpoints.map(({ member, address }) => ({ member, server: address })),
]

export const scenarios: Scenario[] = [
  {
    fault: 'question-changed-on-the-way',
    how: 'every DNS server repeats the question in lower case',
    break: async (lab) => {
      await Promise.all(everywhere(lab).map((at) => interpose(lab, { ...at, change: ['lower-case'] })))
    },
    expect: { severity: 'info', kind: 'cluster', story: /changes the case of the question/ },
    heal: removeMiddleboxes,
    within: { open: 2, close: 2 },
  },
]
