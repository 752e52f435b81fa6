import { askLargeNames } from '../cluster/large-names.ts'
import { interpose, removeMiddleboxes } from '../cluster/middlebox.ts'
import type { Scenario } from '../scenario.ts'

export const scenarios: Scenario[] = [
  {
    fault: 'truncation-missing',
    how: 'a CoreDNS pod cuts answers and does not say so',
    prepare: askLargeNames,
    break: async (lab) => {
      const { member, address } = lab.endpoint(2)
      await interpose(lab, { member, server: address, change: ['cut'] })
    },
    expect: {
      severity: 'warning',
      kind: 'endpoint',
      subject: { role: 'endpoint', address: '10.244.2.54' },
      story: /cuts answers above 512 octets without saying so/,
      beside: ['large-answers-need-tcp'],
    },
    heal: removeMiddleboxes,
    within: { open: 3, close: 3 },
  },
]
