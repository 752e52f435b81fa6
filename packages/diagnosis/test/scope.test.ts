import t from 'tap'
import { clusterScope, endpointScope, nodesScope, scopeOfNodes, sharedAttributes } from '../src/scope.ts'
import { createWorld, good, rounds } from './world.ts'

const fleetOf = (attributes: Record<string, Record<string, string>>) => {
  const world = createWorld(Object.keys(attributes))
  rounds(world, 1, () => good())
  for (const node of world.fleet.nodes.values()) node.attributes = attributes[node.name] ?? {}
  return world.fleet
}
const fleet = fleetOf({ a: { zone: '1', os: 'x' }, b: { zone: '1', os: 'x', pool: 'gpu' }, c: { zone: '2', os: 'x' } })

t.test('what these nodes have in common and no other has', async (t) => {
  t.same(sharedAttributes(fleet, ['a', 'b']), { zone: '1' })
  t.same(sharedAttributes(fleet, ['b']), { pool: 'gpu' })
  t.same(sharedAttributes(fleet, ['a', 'c']), {})
  t.same(sharedAttributes(fleet, ['a', 'b', 'c']), {}, 'with nobody to compare with it says nothing')
})

t.test('kinds', async (t) => {
  t.match(nodesScope(fleet, ['a']), { kind: 'node', nodes: ['a'], subject: null })
  t.match(nodesScope(fleet, ['a', 'b']), { kind: 'group', nodes: ['a', 'b'], shared: { zone: '1' } })
  const subject = { role: 'endpoint', address: '10.244.0.7', pod: null, node: null } as const
  t.same(endpointScope(subject), { kind: 'endpoint', nodes: [], shared: {}, subject })
  t.same(clusterScope(), { kind: 'cluster', nodes: [], shared: {}, subject: null })
})

t.test('all that anybody hears from are the whole cluster, unless there is only one', async (t) => {
  t.match(scopeOfNodes(fleet, ['a', 'b', 'c']), { kind: 'cluster', nodes: [] })
  t.match(scopeOfNodes(fleet, ['a', 'b']), { kind: 'group', nodes: ['a', 'b'] })
  t.match(scopeOfNodes(fleet, ['b']), { kind: 'node', nodes: ['b'] })
  t.match(scopeOfNodes(fleetOf({ a: {} }), ['a']), { kind: 'node', nodes: ['a'] })
})

t.test(
  'what is shared is told in the order of its names; with a node that is gone, or of none, nothing is',
  async (t) => {
    const named = fleetOf({ a: { zone: '1', kernel: '6', os: 'x' }, b: { zone: '2', kernel: '5', os: 'x' } })
    t.same(Object.keys(sharedAttributes(named, ['a'])), ['kernel', 'zone'])
    t.same(sharedAttributes(named, ['a', 'gone']), {})
    t.same(sharedAttributes(named, ['gone']), {})
    t.same(sharedAttributes(named, []), {})
  },
)

t.test('who is not heard now is no one to compare with', async (t) => {
  const world = createWorld(['a', 'b', 'c'])
  rounds(world, 2, () => good())
  for (const node of world.fleet.nodes.values()) node.attributes = { zone: node.name === 'c' ? '2' : '1' }
  t.same(sharedAttributes(world.fleet, ['a']), {})
  rounds(world, 6, (node) => (node === 'b' ? null : good()))
  t.same(sharedAttributes(world.fleet, ['a']), { zone: '1' }, 'b, which is silent, does not count')
  t.same(sharedAttributes(world.fleet, ['a', 'b']), { zone: '1' }, 'what is told of a silent one is known')
  rounds(world, 6, (node) => (node === 'a' ? good() : null))
  t.same(sharedAttributes(world.fleet, ['a']), {}, 'nobody is heard besides')
})
