import type { ClockSample } from '@oddnode/protocol'
import t from 'tap'
import { apartSeconds, comparedClocks, countAgreeing, nodesAgree } from '../src/compared-clocks.ts'
import { clockWorld } from './clock-world.ts'
import { aggregatorClock, createWorld, good, push } from './world.ts'

const viewOf = (...clocks: ClockSample[]) => clockWorld(clocks.map((clock) => [clock]))
const exact = (offset: number) => aggregatorClock(offset, 0.001)
const agree = (...clocks: ClockSample[]) => {
  const view = viewOf(...clocks)
  return nodesAgree(comparedClocks(view), view.fleet.thresholds)
}

t.test('nodes agree as long as nobody is surely apart', async (t) => {
  t.ok(agree(exact(0), exact(0.01), exact(9)), 'two of three')
  t.notOk(agree(exact(0), exact(0.08), exact(-0.08)))
  t.ok(agree(exact(0), aggregatorClock(0.08, 0.07), aggregatorClock(-0.08, 0.07)), 'as far as anybody can tell')
  t.ok(agree(exact(5), exact(5)), 'two do')
  t.notOk(agree(exact(5), exact(0)), 'or do not')
  t.notOk(agree(exact(0)), 'one has nobody to agree with')
})

t.test('how many agree, and how far another is apart beyond doubt', async (t) => {
  const { fleet, at } = viewOf(exact(0), exact(0.01), exact(9))
  const compared = comparedClocks({ fleet, at })
  t.equal(countAgreeing(compared, fleet.thresholds), 2)
  t.equal(compared.middle, 0.01)
  t.ok(Math.abs(apartSeconds(compared, 2) - 8.988) < 1e-9)
  t.ok(apartSeconds(compared, 1) < 0)
})

t.test('of two readings that contradict each other the newer counts, however unsure', async (t) => {
  const world = createWorld(['node-0'])
  world.at += 60
  push(world, 'node-0', 'pod', () => good(), { clock: () => [aggregatorClock(0, 0.001)] })
  world.at += 5
  push(world, 'node-0', 'host', () => good(), { clock: () => [aggregatorClock(-94, 0.1)] })
  t.same([...comparedClocks({ fleet: world.fleet, at: world.at }).seconds], [-94])
})

t.test('host and pod read one clock: the surer reading counts, of two the later one', async (t) => {
  const world = createWorld(['node-0'])
  world.at += 60
  push(world, 'node-0', 'host', () => good(), { clock: () => [aggregatorClock(1, 20)] })
  push(world, 'node-0', 'pod', () => good(), { clock: () => [aggregatorClock(2)] })
  t.same([...comparedClocks({ ...world }).seconds], [2])
  push(world, 'node-0', 'host', () => good(), { clock: () => [aggregatorClock(3)], ageSeconds: 5 })
  t.same([...comparedClocks({ ...world }).seconds], [2])
})

t.test('an evaluation compares them once; without any there is no middle', async (t) => {
  const view = viewOf(exact(1))
  t.equal(comparedClocks(view), comparedClocks(view))
  const { nodes, middle } = comparedClocks(createWorld([]))
  t.same(nodes, [])
  t.ok(Number.isNaN(middle))
})
