import type { Lab } from '../cluster/lab.ts'
import { interpose, removeMiddleboxes } from '../cluster/middlebox.ts'
import type { Scenario } from '../scenario.ts'

const spoil = async (lab: Lab, change: string) => {
  const { member, address } = lab.endpoint(2)
  await interpose(lab, { member, server: address, change: [change] })
}

const expect = (does: string): Scenario['expect'] => ({
  severity: 'info',
  kind: 'endpoint',
  subject: { role: 'endpoint', address: '10.244.2.54' },
  story: new RegExp(`${does} queries with EDNS`),
})

export const scenarios: Scenario[] = [
  {
    fault: 'edns-queries-fail',
    how: 'a CoreDNS pod drops queries with EDNS',
    break: (lab) => spoil(lab, 'drop-edns'),
    expect: expect('drops'),
    heal: removeMiddleboxes,
    within: { open: 2, close: 2 },
  },
  {
    fault: 'edns-queries-fail',
    how: 'a CoreDNS pod answers FORMERR to queries with EDNS',
    break: (lab) => spoil(lab, 'formerr-edns'),
    expect: expect('answers FORMERR to'),
    heal: removeMiddleboxes,
    within: { open: 2, close: 2 },
  },
]
