import assert from 'node:assert/strict'
import type { ClockSample } from '@oddnode/protocol'
import fc from 'fast-check'
import t from 'tap'
import { clockVerdict } from '../src/clock-verdict.ts'
import { aggregatorClock, createWorld, good, ntpClock, rounds } from './world.ts'

const verdict = (clocks: ClockSample[][]) => {
  const world = createWorld(
    clocks.map((_, i) => `node-${i}`),
    undefined,
    ['host'],
  )
  rounds(world, 2, () => good(), { clock: (node) => clocks[Number(node.slice(5))] ?? [] })
  return clockVerdict(world.fleet, world.at)
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
