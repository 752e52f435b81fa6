import t from 'tap'
import { matterOf } from '../src/odd-matter.ts'
import { createWorld, good, oddCellsOf, planOf, rounds, type Sees, timeout } from './world.ts'

const scopes = (sees: Sees, nodes = ['a', 'b', 'c', 'd', 'e']) => {
  const world = createWorld(nodes)
  rounds(world, 3, () => good())
  rounds(world, 5, sees)
  return matterOf(world.fleet, oddCellsOf(world)).map(
    ({ scope }) => `${scope.kind} ${scope.nodes.join()} ${scope.subject?.role ?? '-'}`,
  )
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

t.test('several targets that fail everywhere are one matter of the cluster, one service is another', async (t) => {
  t.same(
    scopes(() => timeout),
    ['cluster  -'],
  )
  t.same(
    scopes((_, __, probe) => (probe === 2 || probe === 3 ? timeout : good())),
    ['cluster  cluster-dns'],
  )
})

t.test('an upstream that no pod may ask is meant so, one that no host reaches either is not', async (t) => {
  const plan = planOf([{ role: 'upstream', address: '192.0.2.1' }])
  const wherePodsFail = (hostsToo: boolean) => {
    const world = createWorld(['a', 'b'], plan)
    rounds(world, 3, () => good())
    rounds(world, 5, (_, vantage) => (vantage === 'pod' || hostsToo ? timeout : good()))
    return matterOf(world.fleet, oddCellsOf(world)).map(({ scope, cells }) => [scope.kind, cells.length])
  }
  t.same(wherePodsFail(false), [])
  t.same(wherePodsFail(true), [['endpoint', 4]])
})

t.test('nodes that differ from each other without a majority are one matter', async (t) => {
  const sees: Sees = (node, _, probe) => good([probe === 2 && node === 'a' ? '10.0.0.1' : '10.0.0.2'])
  t.same(scopes(sees, ['a', 'b']), ['group a,b cluster-dns'])
})
