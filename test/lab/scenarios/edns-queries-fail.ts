import type { Lab } from '../cluster/lab.ts'
import { interpose, removeMiddleboxes } from '../cluster/middlebox.ts'
import type { Scenario } from '../scenario.ts'

const spoil = async (lab: Lab, ...change: readonly string[]) => {
  const { member, address } = lab.endpoint(2)
  await interpose(lab, { member, server: address, change })
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
    how: 'queries with EDNS over UDP do not get through to a CoreDNS pod',
    // Over TCP node-local DNS asks with EDNS as well: its names would be lost, which is another fault.
    break: (lab) => spoil(lab, 'drop-edns', 'over=udp'),
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
