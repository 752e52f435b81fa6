import type { Plan } from '@oddnode/protocol'
import t from 'tap'
import { createSuspects } from '../src/suspects.ts'
import { planOf, target, typicalTargets } from './plans.ts'

const indexes = (plan: Plan, is: (probe: Plan['probes'][number]) => boolean) =>
  plan.probes.flatMap((probe, i) => (is(probe) ? [i] : []))

t.test('a bad sample of a healthy probe is news, and is asked again until it is decided', async (t) => {
  const suspects = createSuspects(planOf())
  t.strictSame(suspects.settle(0, 'good', 0), { news: false, again: false, others: [] })
  t.match(suspects.settle(0, 'bad', 15), { news: true, again: true })
  t.ok(suspects.has(0))
  t.match(suspects.settle(0, 'bad', 20.3), { news: true, again: true })
  for (const at of [25.6, 30.9]) suspects.settle(0, 'bad', at)
  t.match(suspects.settle(0, 'bad', 36.2), { news: true, again: false }, 'the deciding one is news')
  t.notOk(suspects.has(0))
  t.match(suspects.settle(0, 'bad', 51), { news: false, again: false }, 'then it is no news any more')
})

t.test('a hard fault does not wait for the turn of its target’s other probes, but asks them once', async (t) => {
  const plan = planOf({ targets: [target('10.244.1.2'), target('10.244.2.2')] })
  const suspects = createSuspects(plan)
  const own = indexes(plan, (probe) => probe.target === 1 && !probe.onlyAfterTruncation)
  const [first = -1, second = -1] = indexes(plan, (probe) => probe.target === 1 && probe.everySeconds === 0)
  t.ok(own.length > 1)
  t.strictSame(
    suspects.settle(first, 'bad', 0).others,
    own.filter((probe) => probe !== first),
  )
  t.strictSame(suspects.settle(second, 'bad', 1).others, [], 'another suspect of the same target asks them not again')
})

t.test('a target that is well again has its rarer probes asked that were decided bad meanwhile', async (t) => {
  const plan = planOf({ targets: [target('10.244.1.2'), target('10.244.2.2')] })
  const suspects = createSuspects(plan)
  const [often = -1] = indexes(plan, (probe) => probe.target === 1 && probe.everySeconds === 0)
  const [rare = -1] = indexes(plan, (probe) => probe.target === 1 && probe.everySeconds > 0)
  for (const at of [-12, -6, 0, 6, 12]) suspects.settle(often, 'bad', at)
  for (const at of [-11, -5, 1, 7]) suspects.settle(rare, 'bad', at)
  t.strictSame(suspects.settle(often, 'good', 14).others, [], 'the rarer one is under suspicion itself')
  suspects.settle(rare, 'bad', 13.5)
  t.notOk(suspects.has(rare), 'decided by what was sent before the end')
  t.strictSame(suspects.settle(often, 'good', 19).others, [])
  t.strictSame(suspects.settle(often, 'good', 24).others, [rare])
})

t.test(
  'where ways to cluster DNS are sampled, the first dead probe of a target has the others asked once',
  async (t) => {
    const sampled = typicalTargets.map((one) => (one.role === 'node-local' ? one : { ...one, leastSeconds: 120 }))
    const plan = planOf({ targets: sampled })
    const suspects = createSuspects(plan)
    const roleOf = (probe: number) => plan.targets[plan.probes[probe]?.target ?? -1]?.role
    const [first = -1, second = -1] = indexes(plan, ({ target, everySeconds }) => target === 0 && everySeconds === 0)
    const settle = (probe: number, from: number) =>
      [0, 6, 12].map((at) => suspects.settle(probe, 'bad', from + at).others)
    const [opened, , dead = []] = settle(first, 0)
    t.ok(
      opened?.every((probe) => roleOf(probe) === 'node-local'),
      'at first its own rarer questions',
    )
    t.strictSame(new Set(dead.map(roleOf)), new Set(['cluster-dns', 'cluster-dns-upstream', 'endpoint']))
    const asked = dead.map((probe) => plan.probes[probe])
    t.ok(asked.every((probe) => ['kubernetes', 'version', 'missing'].includes(probe?.question ?? '')))
    t.ok(asked.every((probe) => probe?.edns === undefined && !probe?.onlyAfterTruncation))
    t.ok(dead.length <= 24)
    t.strictSame(settle(second, 1).at(-1), [], 'the next one of the same target asks them not again')
  },
)

t.test('where nothing is sampled every way is asked in every round anyway', async (t) => {
  const plan = planOf()
  const suspects = createSuspects(plan)
  const [first = -1] = indexes(plan, ({ target, everySeconds }) => target === 0 && everySeconds === 0)
  const others = [0, 6, 12].map((at) => suspects.settle(first, 'bad', at).others)
  t.strictSame(others.at(-1), [])
})

t.test('a typical plan may be suspected whole, a larger one not: that would be load on a patient', async (t) => {
  const typical = planOf()
  const all = createSuspects(typical)
  t.ok(typical.probes.filter((probe) => !probe.onlyAfterTruncation).length <= 64)
  t.ok(typical.probes.slice(0, 60).every((_, i) => all.settle(i, 'bad', 0).again))

  const large = planOf({ targets: Array.from({ length: 60 }, (_, i) => target(`10.244.1.${i}`)) })
  const capped = createSuspects(large)
  const settled = large.probes.map((_, i) => capped.settle(i, 'bad', 0))
  t.equal(settled.filter(({ again }) => again).length, 64)
  t.ok(
    settled.every(({ news }) => news),
    'all are told at once',
  )
  t.strictSame(settled.at(-1)?.others, [])
})

t.test('an unknown probe is no suspect', async (t) => {
  t.notOk(createSuspects(planOf({ targets: [] })).has(7))
})

t.test('one that is let go is left to its rounds, with what it showed so far', async (t) => {
  const suspects = createSuspects(planOf())
  suspects.settle(0, 'bad', 0)
  suspects.letGo(0)
  t.notOk(suspects.has(0))
  suspects.letGo(999)
  t.notOk(suspects.has(999), 'nor one that the plan does not have')
  suspects.settle(0, 'bad', 15)
  suspects.letGo(0)
  suspects.settle(0, 'bad', 30)
  suspects.letGo(0)
  suspects.settle(0, 'bad', 45)
  t.match(suspects.settle(0, 'good', 60), { news: true }, 'three bad ones over three rounds decided it')
})
