import t from 'tap'
import { isAnsweredElsewhere, okElsewhere } from '../src/beside.ts'
import { cellOf } from '../src/cell.ts'
import { updateLedger } from '../src/ledger.ts'
import { cellsOf, type Sight } from '../src/sight.ts'
import type { Sees, Setting } from './faults/fault-world.ts'
import { sightAfter } from './faults/sight-of.ts'
import { createWorld, good, present, rounds, timeout } from './world.ts'

const serviceOf = (sight: Sight) => cellsOf(sight, { vantage: 'pod', role: 'cluster-dns' })
const failsOn =
  (...odd: string[]): Sees =>
  (node, { role }) =>
    odd.includes(node) && role === 'cluster-dns' ? 'timeout' : null
const elsewhere = (odd: string[], since = 0, setting: Setting = {}) => {
  const sight = sightAfter(failsOn(...odd), setting)
  return okElsewhere(sight.fleet, serviceOf(sight), since)
}

t.test('one other node that is answered is enough', async (t) => {
  t.equal(elsewhere(['node-2']), 'yes')
  t.equal(elsewhere(['node-1', 'node-2']), 'yes')
  t.equal(elsewhere(['node-1', 'node-2', 'node-3']), 'no')
})

t.test('it was answered before: wait', async (t) => {
  t.equal(elsewhere(['node-2'], Number.MAX_SAFE_INTEGER), 'wait')
})

t.test('nobody else asks, or nothing is asked: nothing is known', async (t) => {
  t.equal(elsewhere(['node-2'], 0, { nodes: ['node-2'] }), 'no-data')
  t.equal(okElsewhere(sightAfter(() => null).fleet, [], 0), 'no-data')
})

t.test('nodes can be left out', async (t) => {
  const sight = sightAfter(failsOn('node-2'))
  const cell = present(serviceOf(sight)[0])
  t.ok(isAnsweredElsewhere(sight.fleet, cell, 0, ['node-2', 'node-1']))
  t.notOk(isAnsweredElsewhere(sight.fleet, cell, 0, ['node-2', 'node-1', 'node-3']))
})

/** Nodes whose agents share one plan, which fails on these; what the last one knows of the others. */
const besideLast = (nodes: string[], ...odd: string[]) => {
  const world = createWorld(nodes)
  rounds(world, 5, (node) => (odd.includes(node) ? timeout : good()))
  updateLedger(world.fleet.ledger, world.fleet.agents)
  const agent = present(world.fleet.agents.get(`pod/${nodes.at(-1)}`))
  return okElsewhere(world.fleet, [cellOf(agent, 0)], 0)
}

t.test('a cell that is well itself does not stand for the others', async (t) => {
  t.equal(besideLast(['a', 'b', 'c'], 'a'), 'yes')
  t.equal(besideLast(['a', 'b', 'c'], 'a', 'b'), 'no')
  t.equal(besideLast(['c']), 'no-data')
  t.equal(besideLast(['a', 'b', 'c'], 'c'), 'yes')
})

t.test('what was not counted yet is not known', async (t) => {
  const world = createWorld(['a', 'b'])
  rounds(world, 5, () => good())
  t.equal(okElsewhere(world.fleet, [cellOf(present(world.fleet.agents.get('pod/a')), 0)], 0), 'no-data')
})
