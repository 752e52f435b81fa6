import t from 'tap'
import { firstDue, takeDue } from '../src/due.ts'
import { planOf, typicalTargets } from './plans.ts'
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

t.test('what the budget makes rare is spread over its whole period: all agents may start together', async (t) => {
  const sampled = typicalTargets.map((one) => (one.role === 'endpoint' ? { ...one, leastSeconds: 960 } : one))
  const plan = planOf({ targets: sampled })
  const due = firstDue(plan, 0, () => 0.999)
  const of = (role: string) => due.filter((_, i) => plan.targets[plan.probes[i]?.target ?? -1]?.role === role)
  t.ok(of('endpoint').every((at) => at > 950 && at < 960))
  t.ok(of('cluster-dns').every((at) => at < 75))
})
