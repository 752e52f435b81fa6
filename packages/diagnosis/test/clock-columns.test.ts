import t from 'tap'
import { clockColumns } from '../src/clock-columns.ts'
import { aggregatorClock, createWorld, good, ntpClock, push, rounds } from './world.ts'

t.test('every agent beside the others, by node and vantage', async (t) => {
  const world = createWorld(['b', 'a'])
  rounds(world, 1, () => good(), {
    clock: (node) => [aggregatorClock(node === 'a' ? 0.1 : 0.2, 0.001), ntpClock(3, '192.0.2.1')],
  })
  const { nodes, nodeOf, offsetSeconds, uncertaintySeconds, intervalSeconds, mostByNtpSeconds, agents } = clockColumns(
    world.fleet,
  )
  t.same(nodes, ['a', 'b'])
  t.same([...nodeOf], [0, 0, 1, 1])
  t.same([...offsetSeconds], [0.1, 0.1, 0.2, 0.2])
  t.same([...uncertaintySeconds], [0.001, 0.001, 0.001, 0.001])
  t.same([...intervalSeconds], [15, 15, 15, 15])
  t.same(
    [...mostByNtpSeconds],
    agents.map(({ clockMemory }) => clockMemory.mostByNtpSeconds),
  )
})

t.test('who measured since the last time is looked at again, whoever came or went makes all of it anew', async (t) => {
  const world = createWorld(['a', 'b'], undefined, ['host'])
  rounds(world, 1, () => good(), { clock: () => [aggregatorClock(0)] })
  const before = clockColumns(world.fleet)
  world.at += 15
  push(world, 'b', 'host', () => good(), { clock: () => [aggregatorClock(0.3)] })
  const after = clockColumns(world.fleet)
  t.equal(after, before)
  t.same([...after.offsetSeconds], [0, 0.3])
  push(world, 'c', 'host', () => good(), { clock: () => [] })
  world.fleet.ledger.sorted = null
  t.same([...clockColumns(world.fleet).offsetSeconds], [0, 0.3, Number.NaN])
})
