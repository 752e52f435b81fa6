import type { Lab } from '../cluster/lab.ts'
import { interpose, removeMiddleboxes } from '../cluster/middlebox.ts'
import { slowMilliseconds } from '../cluster/quick.ts'
import type { Scenario } from '../scenario.ts'

async function slow(lab: Lab, numbers: readonly number[]): Promise<void> {
  await Promise.all(
    numbers.map((number) => {
      const { member, address } = lab.endpoint(number)
      return interpose(lab, { member, server: address, change: ['delay', `${slowMilliseconds}`] })
    }),
  )
}

export const scenarios: Scenario[] = [
  {
    fault: 'coredns-overloaded',
    how: 'every CoreDNS pod takes long for each answer, 150 ms at rounds of a second',
    break: (lab) => slow(lab, [1, 2]),
    expect: { severity: 'critical', kind: 'cluster', story: /CoreDNS is overloaded/ },
    heal: removeMiddleboxes,
    within: { open: 2, close: 2 },
  },
  {
    fault: 'coredns-overloaded',
    how: 'one CoreDNS pod of two does',
    break: (lab) => slow(lab, [2]),
    expect: { kind: 'endpoint', subject: { role: 'endpoint', address: '10.244.2.54' }, story: /overloaded/ },
    heal: removeMiddleboxes,
    within: { open: 2, close: 2 },
  },
]
