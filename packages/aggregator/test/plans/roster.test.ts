import fc from 'fast-check'
import t from 'tap'
import { ableNodes, groupAskersOf, sampledNode, watchedBy } from '../../src/plans/roster.ts'
import { clusterNode } from '../cluster/cluster-of.ts'

const nodes = (count: number) =>
  Array.from({ length: count }, (_, i) => clusterNode(`node-${i}`, { group: `group-${i % 2}` }))

t.test('tasks are for nodes that are ready and heard', async (t) => {
  const all = [
    clusterNode('ready'),
    clusterNode('silent'),
    clusterNode('not ready', { ready: false }),
    clusterNode('windows', { expected: [] }),
  ]
  const names = (heard: string[]) => ableNodes(all, (node) => heard.includes(node)).map(({ name }) => name)
  t.strictSame(names(['ready', 'not ready', 'windows']), ['ready'])
  t.strictSame(names([]), ['ready', 'silent'], 'where nobody is heard, all that should be')
})

t.test('one node of each group asks for all of it', async (t) => {
  const askers = groupAskersOf(nodes(20))
  t.equal(askers.size, 2)
  t.strictSame(groupAskersOf(nodes(20).toReversed()), askers)
  t.strictSame(groupAskersOf([clusterNode('host only', { expected: ['host'] })]), new Set())
})

t.test('three nodes watch each bucket', async (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.uniqueArray(fc.nat(63), { minLength: 1 }), (count, buckets) => {
      const watched = watchedBy(nodes(count).map(sampledNode), buckets)
      return buckets.every(
        (bucket) => [...watched.values()].filter((own) => own.includes(bucket)).length === Math.min(3, count),
      )
    }),
  )
  t.strictSame(watchedBy([], [1]), new Map())
  t.strictSame(sampledNode(clusterNode('n', { attributes: { zone: 'a' } })), { name: 'n', zone: 'a' })
})
