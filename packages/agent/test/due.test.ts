import t from 'tap'
import { firstDue, takeDue } from '../src/due.ts'
import { planOf } from './plans.ts'
import { seeded } from './virtual-time.ts'

const plan = planOf()

t.test('probes of every round are due at once, rarer ones within five rounds', async (t) => {
  const due = firstDue(plan, 1000, seeded(1))
  for (const [i, { everySeconds }] of plan.probes.entries()) {
    const wait = (due[i] ?? 0) - 1000
    t.ok(everySeconds === 0 ? wait === 0 : wait >= 0 && wait <= Math.min(everySeconds, 75))
  }
})

t.test('a probe is due again after its period', async (t) => {
  const first = takeDue(
    plan,
    plan.probes.map(() => 1000),
    1000,
  )
  const soon = takeDue(plan, first.next, 1015)
  t.ok(soon.probes.every((i) => plan.probes[i]?.everySeconds === 0))
  const later = takeDue(plan, soon.next, 1060)
  t.ok(later.probes.some((i) => plan.probes[i]?.everySeconds === 60))
  t.notOk(later.probes.some((i) => plan.probes[i]?.everySeconds === 300))
})

t.test('a TCP twin is never due on its own', async (t) => {
  const { probes } = takeDue(
    plan,
    plan.probes.map(() => 0),
    1000,
  )
  t.ok(plan.probes.some((probe) => probe.onlyAfterTruncation))
  t.notOk(probes.some((i) => plan.probes[i]?.onlyAfterTruncation))
})
