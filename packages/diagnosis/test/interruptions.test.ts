import t from 'tap'
import { applyTick } from '../src/apply.ts'
import { nodeClock } from '../src/clock-offsets.ts'
import { applyClockSet, applyPause } from '../src/interruptions.ts'
import { aggregatorClock, createWorld, good, present, rounds } from './world.ts'

const names = ['node-1', 'node-2', 'node-3']
const faultsNow = ({ fleet, at }: ReturnType<typeof createWorld>) =>
  applyTick(fleet, at).findings.opened.map(({ fault }) => fault)

t.test('who was silent while the aggregator stood still is not called silent', async (t) => {
  const world = createWorld(names)
  rounds(world, 8, () => good())
  world.at += 70
  applyPause(world.fleet, world.at)
  t.strictSame(faultsNow(world), [])
  world.at += 61
  t.strictSame(faultsNow(world), ['node-not-observed'], 'but who goes on being silent is')
})

t.test('trap 17: the aggregator’s clock is set by 94 s: no node is accused, whoever pushes first', async (t) => {
  const world = createWorld(names)
  rounds(world, 8, () => good(), { clock: () => [aggregatorClock(0)] })
  applyClockSet(world.fleet, world.at)
  const told = [['node-2'], names, names, names].flatMap((already) => {
    rounds(world, 1, () => good(), { clock: (node) => [aggregatorClock(already.includes(node) ? -94 : 0)] })
    return faultsNow(world)
  })
  t.strictSame(told, ['aggregator-clock-wrong'], 'it is its own, once it is measured anew')
  const { aggregator } = nodeClock(world.fleet, present(world.fleet.nodes.get('node-1')), world.at)
  t.match(aggregator, { offsetSeconds: -94 }, 'measured anew')
})
