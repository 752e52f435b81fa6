import t from 'tap'
import { clockDrifts, hasDriftData } from '../src/clock-drift.ts'
import { clockPlan, clockWorld, type Tells, threeNodes } from './faults/clock-world.ts'
import { aggregatorClock, ntpClock, present, start } from './world.ts'

/** One node gains 100 ppm. */
const gaining: Tells = (node, _, at) => ({
  clock: [aggregatorClock(node === 'node-3' ? 1e-4 * (at - start) : 0)],
})
const after = (rounds: number, tells: Tells = gaining) => {
  const world = clockWorld(threeNodes, clockPlan([]))
  world.run(rounds, tells)
  return world
}

t.test('a clock that may drift, with how much and since when', async (t) => {
  const { fleet, at } = after(60)
  const view = { fleet, at }
  const [drift, ...others] = clockDrifts(view)
  t.same(others, [])
  t.match(drift, { node: 'node-3', ntpSlope: null, since: start + 15 })
  t.ok(Math.abs((drift?.slope ?? 0) - 1e-4) < 1e-6)
  t.equal(clockDrifts(view), clockDrifts(view), 'worked out once for each evaluation')
})

t.test('nothing is said of ten minutes, of old readings, or of what was before a step', async (t) => {
  t.same(clockDrifts(after(30)), [])
  const world = after(60)
  t.same(clockDrifts({ fleet: world.fleet, at: world.at + 600 }), [])
  const stepped = after(60, (node, vantage, at) => ({
    ...gaining(node, vantage, at),
    ...(at === start + 600 ? { clockSteps: [{ ageSeconds: 0, seconds: 0.2, asleep: false }] } : {}),
  }))
  t.same(clockDrifts(stepped), [])
})

t.test(
  'a reading that has become too old since the last push, or was taken before the clock was set, does not count',
  async (t) => {
    // Ten minutes at +50 ms, then an hour of steady gain: only without the first minutes is the slope that of the hour.
    const { fleet, at } = after(4 * 66, (node, _, now) => ({
      clock: [aggregatorClock(node !== 'node-3' ? 0 : now < start + 600 ? 0.05 : 1e-4 * (now - start - 600))],
    }))
    const since = (later: number) => clockDrifts({ fleet, at: at + later })[0]?.since ?? 0
    t.ok(since(0) < start + 600)
    t.ok(since(240) > since(0) + 120, 'nobody has pushed since')
    fleet.clockSince = start + 1200
    t.ok(since(0) > start + 1200)
  },
)

t.test('nor of what was before the aggregator’s clock was set', async (t) => {
  const { fleet, at } = after(60)
  fleet.clockSince = at - 300
  t.same(clockDrifts({ fleet, at }), [])
})

t.test('too few nodes, and no NTP: nothing can be told', async (t) => {
  const world = clockWorld(['node-1', 'node-3'], clockPlan([]))
  world.run(60, gaining)
  t.same(clockDrifts(world), [])
})

t.test('whether there is enough to tell', async (t) => {
  const { fleet, at } = after(60)
  const agent = present(fleet.agents.get('host/node-1'))
  t.ok(hasDriftData(agent, 600, at))
  t.notOk(hasDriftData(agent, 1800, at))
})

/** By NTP one node gains 100 ppm; the aggregator tells of nobody. */
const gainingByNtp: Tells = (node, vantage, at) =>
  vantage === 'host' ? { clock: [ntpClock(node === 'node-3' ? 1e-4 * (at - start) : 0)] } : { clock: [] }

t.test('too few nodes: NTP tells', async (t) => {
  const world = clockWorld(['node-1', 'node-3'], clockPlan(['192.0.2.1']))
  world.run(60, gainingByNtp)
  const [drift, ...others] = clockDrifts(world)
  t.same(others, [])
  t.match(drift, { node: 'node-3', since: start + 15 })
  t.equal(drift?.ntpSlope, drift?.slope)
  t.ok(Math.abs((drift?.slope ?? 0) - 1e-4) < 1e-6)
})

t.test('of several servers the first that answered for long enough', async (t) => {
  const world = clockWorld(['node-1', 'node-3'], clockPlan(['192.0.2.1', '192.0.2.2', '192.0.2.3']))
  world.run(60, (node, vantage, at) => ({
    clock: [
      ...(at > start + 600 ? [ntpClock(0, '192.0.2.1')] : []),
      ...(gainingByNtp(node, vantage, at)?.clock ?? []).map((one) => ({
        ...one,
        reference: { ...one.reference, address: '192.0.2.2' },
      })),
    ],
  }))
  t.match(clockDrifts(world), [{ node: 'node-3' }])
})

t.test('compared with the others, NTP’s word is told beside', async (t) => {
  const world = clockWorld(threeNodes, clockPlan(['192.0.2.1']))
  world.run(60, (node, vantage, at) => ({
    clock: [...(gaining(node, vantage, at)?.clock ?? []), ...(gainingByNtp(node, vantage, at)?.clock ?? [])],
  }))
  const [drift] = clockDrifts(world)
  t.ok(Math.abs((drift?.ntpSlope ?? 0) - 1e-4) < 1e-6)
})
