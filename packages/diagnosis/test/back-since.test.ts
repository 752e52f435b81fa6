import t from 'tap'
import { applyTick } from '../src/apply.ts'
import { backSince } from '../src/back-since.ts'
import { createWorld, good, rounds } from './world.ts'

const silent =
  (...names: string[]) =>
  (node: string) =>
    names.includes(node) ? null : good()

t.test('when a node was heard again: alone, of a group that is silent yet, or with all', async (t) => {
  const world = createWorld(['a', 'b', 'c'])
  const { fleet } = world
  const run = (count: number, ...names: string[]) => {
    rounds(world, count, silent(...names))
    applyTick(fleet, world.at)
  }
  run(3)
  t.equal(backSince(fleet, 'a'), -Infinity, 'it was never away')
  run(6, 'a', 'b')
  t.equal(backSince(fleet, 'a'), -Infinity, 'it is away')
  run(1, 'b')
  const back = world.at
  t.equal(backSince(fleet, 'a'), back)
  t.equal(backSince(fleet, 'b'), -Infinity)
  t.equal(backSince(fleet, 'c'), -Infinity)
  run(1)
  t.equal(backSince(fleet, 'a'), back)
  t.equal(backSince(fleet, 'b'), world.at)
})

t.test('when all were away they are all back at once', async (t) => {
  const world = createWorld(['a', 'b'])
  rounds(world, 3, () => good())
  rounds(world, 6, () => null)
  applyTick(world.fleet, world.at)
  t.equal(backSince(world.fleet, 'a'), -Infinity)
  rounds(world, 1, silent('b'))
  applyTick(world.fleet, world.at)
  t.equal(backSince(world.fleet, 'a'), world.at)
})
