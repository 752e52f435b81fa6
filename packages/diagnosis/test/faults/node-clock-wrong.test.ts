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
const accused = (world: World) => found(world).filter(({ fault }) => fault === 'node-clock-wrong')
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
  const alike = { a: [aggregatorClock(-94)], b: [aggregatorClock(-94.01)], c: [aggregatorClock(-93.99)] }
  t.same(accused(worldWith(alike)), [])
  const withNtp = [aggregatorClock(-94), ntpClock(0)]
  t.same(accused(worldWith({ a: withNtp, b: withNtp, c: withNtp })), [])
})

t.test('two nodes: which is wrong cannot be told, unless NTP tells', async (t) => {
  const [apart] = found(worldWith({ a: [aggregatorClock(0)], b: [aggregatorClock(-94)] }))
  t.match(apart, { confidence: 'possible', scope: { kind: 'group', nodes: ['a', 'b'] } })
  t.match(apart?.story, /^The clocks of a and b differ by 94 s; which is wrong cannot be told/)
  const told = found(worldWith({ a: [aggregatorClock(0), ntpClock(0)], b: [aggregatorClock(-94), ntpClock(-94)] }))
  t.match(told, [{ scope: { nodes: ['b'] }, confidence: 'likely' }])
  t.match(told[0]?.story, /^b's clock is 94 s behind NTP server 192\.0\.2\.1: .*; no second server was asked/)
})

t.test(
  'one node whose clock the aggregator and NTP both find wrong: there are no others that could be right',
  async (t) => {
    const servers = ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((address) => ntpClock(-94, address))
    const [finding] = accused(worldWith({ a: [aggregatorClock(-94), ...servers] }))
    t.equal(
      finding?.story,
      "a's clock is 94 s behind NTP servers 192.0.2.1, 192.0.2.2 and 192.0.2.3: tokens it issues are refused as expired.",
    )
  },
)

t.test('one node: NTP alone decides, certain with two servers that agree', async (t) => {
  t.same(accused(worldWith({ a: [aggregatorClock(-94)] })), [])
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

const servers = ['192.0.2.1', '192.0.2.2', '192.0.2.3']
const off = (offsets: Record<string, number>, ...ntp: string[]) =>
  worldWith(
    Object.fromEntries(
      Object.entries(offsets).map(([node, seconds]) => [
        node,
        [aggregatorClock(seconds), ...ntp.map((address) => ntpClock(seconds, address))],
      ]),
    ),
  )

t.test(
  'two of three are wrong, as three NTP servers say: these two are named, in one finding, and nobody else',
  async (t) => {
    const [finding, ...others] = found(off({ a: -94, b: -94, c: 0 }, ...servers))
    t.same(others, [])
    t.match(finding, {
      fault: 'node-clock-wrong',
      severity: 'critical',
      confidence: 'certain',
      scope: { kind: 'group', nodes: ['a', 'b'] },
      story:
        'The clocks of a and b are 94 s behind NTP servers 192.0.2.1, 192.0.2.2 and 192.0.2.3: tokens they issue are refused as expired; most of the nodes are off, and NTP says that the others are right.',
    })
  },
)

t.test('the same by one server is possible: it may be that one', async (t) => {
  t.match(found(off({ a: -94, b: -94, c: 0 }, '192.0.2.1')), [
    { confidence: 'possible', scope: { nodes: ['a', 'b'] }, story: /no second server was asked/ },
  ])
})

const manyOff = (count: number, seconds: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`n${String(i).padStart(2, '0')}`, i < count ? seconds : 0]))

t.test('40 of 60 wrong: the 40 are named', async (t) => {
  const findings = found(off(manyOff(40, 3), ...servers))
  t.equal(findings.length, 1)
  t.same(findings[0]?.scope.nodes, Object.keys(manyOff(0, 0)).slice(0, 40))
})

t.test('15 of 60 off alike are one finding, with what they share', async (t) => {
  const world = off(manyOff(15, 3))
  for (const { name, attributes } of world.fleet.nodes.values()) attributes['zone'] = name < 'n15' ? 'a' : 'b'
  const [finding, ...others] = found(world)
  t.same(others, [])
  t.match(finding, {
    scope: { kind: 'group', shared: { zone: 'a' } },
    title: 'The clocks of n00, n01, n02, n03 and 11 more are 3 s ahead of the other nodes',
  })
  t.equal(finding?.confirm.length, 2, 'of some of them')
})

const moved = (world: World, offsets: Record<string, number | null>) => {
  rounds(world, 4, () => good(), {
    clock: (node) =>
      [offsets[node] ?? 0].flatMap((offset) => (offsets[node] === null ? [] : [aggregatorClock(offset)])),
  })
  return found(world)
}

t.test('it is the same finding while more clocks are off, and fewer, and about as much', async (t) => {
  const well = { c: 0, d: 0, e: 0, f: 0, g: 0, h: 0, i: 0 }
  const world = off({ a: -94, b: 0, ...well })
  const [{ id, since } = {}] = found(world)
  t.match(moved(world, { a: -94, b: -95 }), [
    { id, since, scope: { nodes: ['a', 'b'] }, title: 'The clocks of a and b are about 95 s behind the other nodes' },
  ])
  t.match(moved(world, { a: 0, b: -95 }), [{ id, since, scope: { nodes: ['b'] } }])
  t.same(moved(world, {}), [])
})

t.test('a clock that is not measured any more is not right because others of its group are', async (t) => {
  const world = off({ a: -94, b: -94, c: 0, d: 0, e: 0, f: 0, g: 0 })
  const [{ id } = {}] = found(world)
  t.match(moved(world, { a: -94, b: null }), [{ id, scope: { nodes: ['a', 'b'] } }])
  t.match(moved(world, { a: 0, b: null }), [
    { id, scope: { nodes: ['b'] }, confidence: 'possible', title: "b's clock was off when last measured" },
  ])
  t.same(moved(world, {}), [])
})
