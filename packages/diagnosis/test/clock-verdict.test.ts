import assert from 'node:assert/strict'
import type { ClockSample } from '@oddnode/protocol'
import fc from 'fast-check'
import t from 'tap'
import { clockVerdict, clockVerdictOf } from '../src/clock-verdict.ts'
import { clockWorld } from './clock-world.ts'
import { aggregatorClock, createWorld, good, ntpClock, push } from './world.ts'

const verdict = (clocks: ClockSample[][]) => {
  const { fleet, at } = clockWorld(clocks)
  return clockVerdict({ fleet, at })
}

t.test('one against a majority', async (t) => {
  const { wrong, apart } = verdict([0, 0.01, 0.7].map((offset) => [aggregatorClock(offset)]))
  t.match(wrong, [
    { node: 'node-2', severity: 'warning', offset: { reference: 'the other nodes' }, contradictedBy: null },
  ])
  t.equal(apart, null)
})

t.test('no majority: apart, unless NTP decides', async (t) => {
  const { wrong, apart } = verdict([0, 0, 9, 9].map((offset) => [aggregatorClock(offset)]))
  t.same(wrong, [])
  t.match(apart, { apartSeconds: 9, severity: 'critical', nodes: ['node-0', 'node-1', 'node-2', 'node-3'] })
  const told = verdict([0, 0, 9, 9].map((offset) => [aggregatorClock(offset), ntpClock(offset)]))
  t.match(told, { wrong: [{ node: 'node-2' }, { node: 'node-3' }], apart: null })
})

t.test('a node that is off by little does not hide behind one that is off by much', async (t) => {
  const { wrong } = verdict([0, 0, 0, 0, 0, 0, 0.3, 94].map((offset) => [aggregatorClock(offset)]))
  t.match(wrong, [
    { node: 'node-6', severity: 'info' },
    { node: 'node-7', severity: 'critical' },
  ])
})

t.test('of three servers two that agree decide', async (t) => {
  const servers = [ntpClock(2, '192.0.2.1'), ntpClock(2.001, '192.0.2.2'), ntpClock(-50, '192.0.2.3')]
  t.match(verdict([servers]).wrong, [{ offset: { offsetSeconds: 2 }, onOneWordOf: null }])
  const unconfirmed = servers.map(({ secondOpinion: _, ...sample }) => sample)
  t.match(verdict([unconfirmed]).wrong, [{ offset: { offsetSeconds: 2 }, onOneWordOf: 'implementation' }])
})

t.test('an error of the aggregator changes no verdict', async () => {
  const offsets = fc.array(fc.constantFrom(0, 0.02, 0.1, -0.7, 94), { minLength: 3, maxLength: 12 })
  fc.assert(
    fc.property(offsets, fc.integer({ min: -100, max: 100 }), (list, error) => {
      const named = (shift: number) =>
        verdict(list.map((offset) => [aggregatorClock(offset + shift)])).wrong.map(
          ({ node, severity }) => `${node} ${severity}`,
        )
      assert.deepStrictEqual(named(error), named(0))
    }),
    { numRuns: 60 },
  )
})

t.test('NTP says otherwise: which one is off cannot be told', async (t) => {
  const clocks = [0, 0, 0.7].map((offset) => [aggregatorClock(offset), ntpClock(0)])
  t.match(verdict(clocks).wrong, [
    { node: 'node-2', contradictedBy: { reference: 'ntp 192.0.2.1', offsetSeconds: 0 }, onOneWordOf: null },
  ])
})

t.test('servers that do not agree say nothing', async (t) => {
  const servers = [ntpClock(2, '192.0.2.1'), ntpClock(-2, '192.0.2.2')]
  t.same(verdict([servers]).wrong, [])
  t.match(verdict([[aggregatorClock(0)], [aggregatorClock(0)], [aggregatorClock(9), ...servers]]).wrong, [
    { node: 'node-2', contradictedBy: null },
  ])
})

t.test('of servers that agree the surest is told', async (t) => {
  const servers = [ntpClock(2, '192.0.2.1', 0.05), ntpClock(2.01, '192.0.2.2', 0.001)]
  t.match(verdict([servers]).wrong, [{ offset: { reference: 'ntp 192.0.2.2' } }])
})

t.test('one clock, and clocks that are close, are not apart', async (t) => {
  t.same(verdict([[aggregatorClock(9)]]), { wrong: [], apart: null })
  t.same(verdict([[aggregatorClock(0)], [aggregatorClock(0.01)]]), { wrong: [], apart: null })
  t.match(verdict([[aggregatorClock(0)], [aggregatorClock(9)]]).apart, { apartSeconds: 9 })
})

t.test('a node that the API does not know any more is not accused', async (t) => {
  const world = clockWorld([0, 0, 9].map((offset) => [aggregatorClock(offset)]))
  world.fleet.nodes.delete('node-2')
  t.same(clockVerdict(world).wrong, [])
})

t.test('host and pod read one clock: the surer reading is compared', async (t) => {
  const world = createWorld(['node-0', 'node-1', 'node-2'])
  world.at += 60
  for (const node of world.nodes) {
    push(world, node, 'host', () => good(), { clock: () => [aggregatorClock(0, 20)] })
    push(world, node, 'pod', () => good(), { clock: () => [aggregatorClock(node === 'node-2' ? 9 : 0)] })
  }
  t.match(clockVerdict(world).wrong, [{ node: 'node-2', severity: 'critical' }])
})

t.test('an evaluation works it out once', async (t) => {
  const view = clockWorld([[aggregatorClock(0)], [aggregatorClock(9)]])
  t.equal(clockVerdictOf(view), clockVerdictOf(view))
  t.match(clockVerdictOf(view), { wrong: [], apart: { apartSeconds: 9 } })
})

t.test('of readings that are alike sure the later one is compared', async (t) => {
  const world = createWorld(['node-0', 'node-1', 'node-2'])
  world.at += 60
  for (const node of world.nodes) {
    push(world, node, 'host', () => good(), { clock: () => [aggregatorClock(9)], ageSeconds: 5 })
    push(world, node, 'pod', () => good(), { clock: () => [aggregatorClock(node === 'node-2' ? 9 : 0)] })
  }
  t.match(clockVerdict(world).wrong, [{ node: 'node-2' }])
})

t.test('of two nodes NTP tells which one is off, by most of its servers', async (t) => {
  const other = [aggregatorClock(0)]
  t.same(verdict([[aggregatorClock(0), ntpClock(2)], other]).wrong, [], 'they agree: both would be off')
  t.match(verdict([[aggregatorClock(2), ntpClock(2)], other]).wrong, [
    { node: 'node-0', offset: { reference: 'ntp 192.0.2.1' }, onOneWordOf: 'server' },
  ])
  const oneIsOff = [ntpClock(0, '192.0.2.1'), ntpClock(0, '192.0.2.2'), ntpClock(9, '192.0.2.3')]
  t.same(verdict([[aggregatorClock(0), ...oneIsOff], other]).wrong, [])
  t.same(verdict([[ntpClock(2, '192.0.2.1', 3)]]).wrong, [], 'what it is not sure of accuses nobody')
})

const three = (seconds: number) => ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((address) => ntpClock(seconds, address))
const told = (offsets: number[], ...servers: string[]) =>
  verdict(
    offsets.map((seconds) => [aggregatorClock(seconds), ...servers.map((address) => ntpClock(seconds, address))]),
  ).wrong.map(({ node, offset }) => `${node} ${offset.offsetSeconds}`)

t.test('majority is not truth: NTP says that it is most nodes which are off', async (t) => {
  const { wrong, apart } = verdict([-94, -94, 0].map((offset) => [aggregatorClock(offset), ...three(offset)]))
  t.equal(apart, null)
  t.match(wrong, [
    {
      node: 'node-0',
      severity: 'critical',
      offset: { offsetSeconds: -94, reference: 'ntp 192.0.2.1 192.0.2.2 192.0.2.3' },
      isOfMost: true,
    },
    { node: 'node-1', severity: 'critical', onOneWordOf: null, contradictedBy: null },
  ])
  t.equal(wrong.length, 2, 'who is right is not accused')
  t.match(verdict([-94, -94, 0].map((offset) => [aggregatorClock(offset), ntpClock(offset)])).wrong, [
    { node: 'node-0', onOneWordOf: 'server', isOfMost: true },
    { node: 'node-1' },
  ])
})

t.test(
  'by the aggregator NTP tells of a node that asks no server, and of an aggregator that is off itself',
  async (t) => {
    const shifted = (offset: number) => aggregatorClock(offset + 7)
    const clocks = [[shifted(-94)], [shifted(-94), ...three(-94)], [shifted(0), ...three(0)]]
    t.match(
      verdict(clocks).wrong.map(({ node, offset }) => `${node} ${Math.round(offset.offsetSeconds)}`),
      ['node-0 -94', 'node-1 -94'],
    )
  },
)

t.test('the whole cluster off by NTP accuses no node, but one that is apart from it', async (t) => {
  t.same(told([-94, -94, -94], '192.0.2.1', '192.0.2.2'), [])
  t.same(told([-94, -94], '192.0.2.1'), [], 'two nodes that agree, and one server')
  t.same(told([-94, -94, -94, -84], '192.0.2.1', '192.0.2.2'), ['node-3 10'])
  t.match(verdict([-94, -94, -94, -84].map((offset) => [aggregatorClock(offset), ...three(offset)])).wrong, [
    { offset: { reference: 'the other nodes' }, contradictedBy: null },
  ])
})

t.test('where no two clocks agree each is told by NTP', async (t) => {
  t.same(told([-94, -50, -10], '192.0.2.1', '192.0.2.2'), ['node-0 -94', 'node-1 -50', 'node-2 -10'])
})

t.test('a node whose own NTP servers find nothing wrong is not accused by what they say of others', async (t) => {
  const clocks = [-94, -94, 0, 0, 0].map((offset) => [aggregatorClock(offset), ...three(offset)])
  clocks[0] = [aggregatorClock(-94), ...three(0)]
  t.same(
    verdict(clocks).wrong.map(({ node }) => node),
    ['node-1'],
  )
})
