import t from 'tap'
import { oddCells } from '../src/differences.ts'
import { oddColumns } from '../src/matrix.ts'
import { matterOf } from '../src/odd-matter.ts'
import { defaultThresholds } from '../src/thresholds.ts'
import { createWorld, good, rounds, type Sees, timeout } from './world.ts'

const scopes = (sees: Sees, nodes = ['a', 'b', 'c', 'd', 'e']) => {
  const { fleet, at } = (() => {
    const world = createWorld(nodes)
    rounds(world, 3, () => good())
    rounds(world, 5, sees)
    return world
  })()
  const view = { fleet, at, oddCells: oddCells(oddColumns(fleet), defaultThresholds, at) }
  return matterOf(view).map(({ scope }) => `${scope.kind} ${scope.nodes.join()} ${scope.subject?.role ?? '-'}`)
}

t.test('nodes with the same odd cells are a group, others stand for themselves', async (t) => {
  const sees: Sees = (node, vantage, probe) => {
    if (node === 'a') return timeout
    return (node === 'b' || node === 'c') && vantage === 'pod' && probe < 2 ? timeout : good()
  }
  t.same(scopes(sees), ['node a -', 'group b,c node-local'])
})

t.test('one transport more does not part a group', async (t) => {
  t.same(
    scopes((node, _, probe) => ((node === 'a' && probe < 2) || (node === 'b' && probe === 0) ? timeout : good())),
    ['group a,b node-local'],
  )
})

t.test('a target that fails everywhere, and a node with troubles of its own, are two matters', async (t) => {
  t.same(
    scopes((node, _, probe) => (probe === 4 || (node === 'a' && probe < 2) ? timeout : good())),
    ['endpoint  endpoint', 'node a node-local'],
  )
})
