import type { Finding, Plan } from '@oddnode/protocol'
import t from 'tap'
import { aggregatorClock, ntpClock, start } from '../world.ts'
import { type ClockWorld, clockPlan, clockWorld, kept, seen, type Tells, threeNodes } from './clock-world.ts'

const HALF_AN_HOUR = 130
const PPM = 1e-6

/** Offsets that move on one node; the aggregator's own clock may move too. */
const moving =
  (ppm: number, { from = ppm > 0 ? -0.04 : 0.04, aggregator = 0, unsure = 0.05 } = {}): Tells =>
  (node, _, at) => {
    const passed = at - start
    const own = node === 'node-3' ? from + ppm * PPM * passed : 0
    return { clock: [aggregatorClock(own - aggregator * PPM * passed, unsure)] }
  }

t.test('a clock that gains 60 ppm', async (t) => {
  const world = clockWorld(threeNodes, clockPlan([]))
  t.same(world.run(118, moving(60)), [])
  const [finding, ...others] = world.run(12, moving(60))
  t.match(finding, {
    fault: 'node-clock-drifting',
    severity: 'info',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-3'] },
    story: "node-3's clock drifts by 5.2 s a day.",
  })
  t.same(others, [])
})

t.test('with rounds of a second half an hour is two minutes', async (t) => {
  const world = clockWorld(threeNodes, { ...clockPlan([]), intervalSeconds: 1 })
  const tells = moving(60, { from: 0, unsure: 0.003 })
  t.same(world.run(110, tells), [])
  t.match(world.run(20, tells), [{ fault: 'node-clock-drifting', scope: { nodes: ['node-3'] } }])
  t.same(world.run(130, moving(0, { from: 0, unsure: 0.003 })), [], 'and so is its end')
})

t.test('or loses them', async (t) => {
  t.match(seen(moving(-60), HALF_AN_HOUR, threeNodes, clockPlan([])), [{ fault: 'node-clock-drifting' }])
})

t.test('healthy oscillators, and the aggregator’s own drift, are none', async (t) => {
  t.same(seen(moving(45, { unsure: 0.02 }), HALF_AN_HOUR, threeNodes, clockPlan([])), [])
  t.same(seen(moving(0, { aggregator: 200, unsure: 0.02 }), HALF_AN_HOUR, threeNodes, clockPlan([])), [])
  t.match(seen(moving(60, { aggregator: 200 }), HALF_AN_HOUR, threeNodes, clockPlan([])), [
    { scope: { nodes: ['node-3'] }, story: /5\.2 s a day/ },
  ])
})

t.test('towards where it should be it is corrected, not drifting', async (t) => {
  t.same(drifts(moving(100, { from: -0.4 }), threeNodes, clockPlan([])), [])
})

t.test('one step is no drift', async (t) => {
  const step: Tells = (node, _, at) => ({
    clock: [aggregatorClock(node === 'node-3' && at > start + 1000 ? 0.4 : 0, 0.06)],
  })
  t.same(drifts(step, threeNodes, clockPlan([])), [])
})

t.test('not where the readings are not good enough to tell', async (t) => {
  const unsure: Tells = (node, vantage, at) => ({
    clock: (moving(60)(node, vantage, at)?.clock ?? []).map((sample) => ({ ...sample, uncertaintySeconds: 0.06 })),
  })
  t.same(seen(unsure, HALF_AN_HOUR, threeNodes, clockPlan([])), [])
})

t.test('NTP on the node says otherwise: none; NTP alone tells where there are too few nodes', async (t) => {
  const plan = clockPlan(['192.0.2.1'])
  const withNtp =
    (ppm: number): Tells =>
    (node, vantage, at) => ({
      clock: [
        ...(moving(100)(node, vantage, at)?.clock ?? []),
        ntpClock(node === 'node-3' ? ppm * PPM * (at - start) : 0, '192.0.2.1', 0.06),
      ],
    })
  t.same(drifts(withNtp(0), threeNodes, plan), [])
  t.match(drifts(withNtp(100), threeNodes, plan), [{ scope: { nodes: ['node-3'] } }])
  const alone: Tells = (_, __, at) => ({ clock: [ntpClock(100 * PPM * (at - start), '192.0.2.1', 0.06)] })
  t.match(drifts(alone, ['node-1'], plan), [{ scope: { nodes: ['node-1'] } }])
})

t.test('another clock source than that of most is told', async (t) => {
  const sourced: Tells = (node, vantage, at) => ({
    ...moving(60)(node, vantage, at),
    facts: kept({ clockSource: node === 'node-3' ? 'hpet' : 'tsc' }),
  })
  t.match(seen(sourced, HALF_AN_HOUR, threeNodes, clockPlan([])), [
    { story: /a day; its clock source is hpet, that of most nodes tsc\.$/ },
  ])
})

t.test('it ends when the clock has kept still, not while nobody measures', async (t) => {
  const world = clockWorld(threeNodes, clockPlan([]))
  t.equal(world.run(HALF_AN_HOUR, moving(60)).length, 1)
  const end = 60 * PPM * (world.at - start) - 0.04
  t.equal(world.run(20, () => ({})).length, 1)
  const still: Tells = (node) => ({ clock: [aggregatorClock(node === 'node-3' ? end : 0, 0.05)] })
  world.run(160, still)
  t.same(openDrifts(world), [])
})

t.test('a clock that is off by so much that it matters covers it', async (t) => {
  const world = clockWorld(threeNodes, clockPlan([]))
  const [finding, ...others] = world.run(HALF_AN_HOUR, moving(500))
  t.same(others, [])
  t.match(finding, { fault: 'node-clock-wrong' })
  t.match(
    finding?.covers.map((id) => world.fleet.findings.get(id)?.fault),
    ['node-clock-drifting'],
  )
})

/** Covered ones too. */
const openDrifts = ({ fleet }: ClockWorld): Finding[] =>
  [...fleet.findings.values()].filter(({ fault, ended }) => fault === 'node-clock-drifting' && ended === null)

function drifts(tells: Tells, nodes: string[], plan: Plan): Finding[] {
  const world = clockWorld(nodes, plan)
  world.run(HALF_AN_HOUR, tells)
  return openDrifts(world)
}
