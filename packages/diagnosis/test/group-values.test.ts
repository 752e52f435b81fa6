import t from 'tap'
import { applyCluster } from '../src/apply.ts'
import { differingGroups, groupValues } from '../src/group-values.ts'
import { clusterNode, clusterOf, createWorld, good, push, rounds, type World } from './world.ts'

/** The value of a fact is the node's first attribute. */
function worldOf(values: Readonly<Record<string, string>>, group: (node: string) => string = () => ''): World {
  const nodes = Object.keys(values)
  const world = createWorld(nodes)
  const told = nodes.map((name) => clusterNode(name, { attributes: { value: values[name] ?? '' }, group: group(name) }))
  applyCluster(world.fleet, world.at, clusterOf(told))
  rounds(world, 4, () => good())
  return world
}
const read = (_: unknown, { attributes }: { attributes: Record<string, string> }) => attributes['value'] || null

t.test('what more than half have is usual, and comes first', async (t) => {
  const { fleet } = worldOf({ a: 'x', b: 'y', c: 'x' })
  t.same(differingGroups(fleet, 'pod', read), [
    {
      usual: 'x',
      values: [
        { value: 'x', nodes: ['a', 'c'] },
        { value: 'y', nodes: ['b'] },
      ],
    },
  ])
})

t.test('half is no majority, nor is the larger of two nodes', async (t) => {
  t.match(differingGroups(worldOf({ a: 'x', b: 'y', c: 'x', d: 'y' }).fleet, 'pod', read), [{ usual: null }])
  t.match(differingGroups(worldOf({ a: 'x', b: 'y' }).fleet, 'pod', read), [{ usual: null }])
  t.match(groupValues(worldOf({ a: 'x', b: 'x' }).fleet, 'pod', read), [{ usual: null, values: [{ value: 'x' }] }])
})

t.test('groups are told apart; those that are alike differ in nothing', async (t) => {
  const { fleet } = worldOf({ a: 'x', b: 'y', c: 'x' }, (node) => (node === 'b' ? 'windows' : 'linux'))
  t.same(differingGroups(fleet, 'pod', read), [])
  t.equal(groupValues(fleet, 'pod', read).length, 2)
})

t.test('who does not say, is cordoned, or has only just come is left out', async (t) => {
  t.same(differingGroups(worldOf({ a: 'x', b: '', c: 'x' }).fleet, 'pod', read), [])
  const { fleet } = worldOf({ a: 'x', b: 'y', c: 'x' })
  const node = fleet.nodes.get('b')
  if (node !== undefined) node.cordoned = true
  t.same(differingGroups(fleet, 'pod', read), [])
  const world = worldOf({ a: 'x', c: 'x' })
  const told = ['a', 'b', 'c'].map((name) => clusterNode(name, { attributes: { value: name === 'b' ? 'y' : 'x' } }))
  applyCluster(world.fleet, world.at, clusterOf(told))
  push(world, 'b', 'pod', () => good())
  t.same(differingGroups(world.fleet, 'pod', read), [])
  rounds({ ...world, nodes: ['a', 'b', 'c'] }, 2, () => good())
  t.equal(differingGroups(world.fleet, 'pod', read).length, 1)
})

t.test('groups and values are told in order, whatever came first', async (t) => {
  const { fleet } = worldOf({ a: 'y', b: 'x', c: 'z', d: 'x' }, (node) => (node === 'a' ? 'windows' : 'linux'))
  t.same(
    groupValues(fleet, 'pod', read).map(({ values }) => values.map(({ value }) => value)),
    [['x', 'z'], ['y']],
  )
  t.match(differingGroups(worldOf({ a: 'y', b: 'x' }).fleet, 'pod', read), [
    { values: [{ value: 'x' }, { value: 'y' }] },
  ])
})
