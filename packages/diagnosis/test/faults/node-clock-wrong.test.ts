import type { ClockSample } from '@oddnode/protocol'
import t from 'tap'
import { applyTick } from '../../src/apply.ts'
import { visibleFindings } from '../../src/evaluate.ts'
import { applyClockSet } from '../../src/interruptions.ts'
import { aggregatorClock, createWorld, good, ntpClock, rounds, type World } from '../world.ts'

const found = (world: World) => {
  applyTick(world.fleet, world.at)
  return visibleFindings(world.fleet)
}
const worldWith = (clocks: Record<string, ClockSample[]>): World => {
  const world = createWorld(Object.keys(clocks))
  rounds(world, 5, () => good(), { clock: (node) => clocks[node] ?? [] })
  return world
}

t.test('trap 15: the sign, + is ahead', async (t) => {
  const behind = found(worldWith({ a: [aggregatorClock(0)], b: [aggregatorClock(0.002)], c: [aggregatorClock(-94)] }))
  t.match(behind, [{ fault: 'node-clock-wrong', severity: 'critical', scope: { kind: 'node', nodes: ['c'] } }])
  t.equal(behind[0]?.story, "c's clock is 94 s behind the other nodes: tokens it issues are refused as expired.")
  const ahead = found(worldWith({ a: [aggregatorClock(0)], b: [aggregatorClock(0.002)], c: [aggregatorClock(94)] }))
  t.equal(
    ahead[0]?.story,
    "c's clock is 94 s ahead of the other nodes: tokens it issues are refused: issued in the future.",
  )
})

t.test('trap 16: no verdict inside the uncertainty', async (t) => {
  const clocks = { a: [aggregatorClock(0)], b: [aggregatorClock(0)], c: [aggregatorClock(-0.6, 0.59)] }
  t.same(found(worldWith(clocks)), [])
})

t.test('nor inside that of the middle', async (t) => {
  const busy = { a: [aggregatorClock(-0.09, 0.1)], b: [aggregatorClock(-0.086, 0.09)], c: [aggregatorClock(0, 0.001)] }
  t.same(found(worldWith(busy)), [])
})

t.test(
  'all clocks are set at once, the aggregator’s too: nobody is accused before they can be compared again',
  async (t) => {
    const world = worldWith({ a: [ntpClock(0)], b: [ntpClock(0)] })
    applyClockSet(world.fleet, world.at)
    rounds(world, 2, () => good(), { clock: () => [ntpClock(-10)] })
    t.notOk(found(world).some(({ fault }) => fault === 'node-clock-wrong'))
    rounds(world, 3, () => good(), { clock: (node) => [ntpClock(node === 'a' ? -10 : 0)] })
    t.match(found(world), [{ fault: 'node-clock-wrong', scope: { nodes: ['a'] } }])
    applyClockSet(world.fleet, world.at)
    rounds(world, 1, () => good(), { clock: (node) => [ntpClock(node === 'a' ? -10 : 0)] })
    t.match(found(world), [{ fault: 'node-clock-wrong', scope: { nodes: ['a'] } }], 'one that is known goes on')
  },
)

t.test('trap 17: the aggregator’s clock wrong is no node’s fault', async (t) => {
  t.same(
    found(worldWith({ a: [aggregatorClock(-94)], b: [aggregatorClock(-94.01)], c: [aggregatorClock(-93.99)] })),
    [],
  )
  const withNtp = [aggregatorClock(-94), ntpClock(0)]
  t.same(found(worldWith({ a: withNtp, b: withNtp, c: withNtp })), [])
})

t.test('two nodes: which is wrong cannot be told, unless NTP tells', async (t) => {
  const [apart] = found(worldWith({ a: [aggregatorClock(0)], b: [aggregatorClock(-94)] }))
  t.match(apart, { confidence: 'possible', scope: { kind: 'group', nodes: ['a', 'b'] } })
  t.match(apart?.story, /^The clocks of a and b differ by 94 s; which is wrong cannot be told/)
  const told = found(worldWith({ a: [aggregatorClock(0), ntpClock(0)], b: [aggregatorClock(-94), ntpClock(-94)] }))
  t.match(told, [{ scope: { nodes: ['b'] }, confidence: 'likely' }])
  t.match(told[0]?.story, /^b's clock is 94 s behind NTP server 192\.0\.2\.1: .*; no second server was asked/)
})

t.test('one node: NTP alone decides, certain with two servers that agree', async (t) => {
  t.same(found(worldWith({ a: [aggregatorClock(-94)] })), [])
  t.match(found(worldWith({ a: [ntpClock(2), ntpClock(2.001, '192.0.2.2')] })), [
    { confidence: 'certain', severity: 'warning' },
  ])
  t.match(
    found(worldWith({ a: [ntpClock(2), ntpClock(0, '192.0.2.2')] })),
    [{ fault: 'ntp-server-wrong', severity: 'info' }],
    'two servers that disagree tell nothing of the node',
  )
})

t.test('NTP that says otherwise: told, but nobody is accused', async (t) => {
  const fine = [aggregatorClock(0), ntpClock(0)]
  const [finding] = found(worldWith({ a: fine, b: fine, c: [aggregatorClock(-94), ntpClock(0)] }))
  t.match(finding, { confidence: 'possible', severity: 'warning' })
  t.match(finding?.story, /which of them is wrong cannot be told\.$/)
})

t.test('it ends when the clock is right again, not while nothing is measured', async (t) => {
  const world = worldWith({ a: [aggregatorClock(0)], b: [aggregatorClock(0)], c: [aggregatorClock(-2)] })
  t.equal(found(world).length, 1)
  const { since } = found(world)[0] ?? {}
  rounds(world, 6, () => good())
  t.match(found(world), [{ since }])
  rounds(world, 1, () => good(), { clock: () => [aggregatorClock(0)] })
  t.same(found(world), [])
})

t.test('the thresholds are severities', async (t) => {
  for (const [offset, severity] of [
    [0.06, 'info'],
    [0.7, 'warning'],
    [5.2, 'critical'],
  ] as const) {
    t.match(found(worldWith({ a: [aggregatorClock(0)], b: [aggregatorClock(0)], c: [aggregatorClock(offset)] })), [
      { severity },
    ])
  }
})

t.test('nobody is certain on the word of one implementation', async (t) => {
  const unconfirmed = [ntpClock(2), ntpClock(2.001, '192.0.2.2')].map(({ secondOpinion: _, ...sample }) => sample)
  const [told] = found(worldWith({ a: unconfirmed }))
  t.equal(told?.confidence, 'likely')
  t.match(told?.story, /only one implementation of NTP could read it\.$/)
})
