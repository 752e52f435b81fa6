import type { ClusterNode } from '@oddnode/protocol'
import t from 'tap'
import { applyCluster, applyTick } from '../../src/apply.ts'
import { visibleFindings } from '../../src/evaluate.ts'
import { clusterNode, clusterOf, createWorld, good, rounds, start, type World } from '../world.ts'

const found = (world: World, at = world.at) => {
  applyTick(world.fleet, at)
  return visibleFindings(world.fleet)
}
const named = (world: World, changes: Partial<ClusterNode> = {}) =>
  applyCluster(world.fleet, world.at, clusterOf(world.nodes.map((name) => clusterNode(name, changes))))
const without = (odd: string) => (node: string) => (node === odd ? null : good())

t.test('a node that was seen and is silent for more than 60 s', async (t) => {
  const world = createWorld(['node-1', 'node-2'])
  rounds(world, 5, () => good())
  rounds(world, 4, without('node-1'))
  t.same(found(world), [])
  const findings = found(world, world.at + 1)
  t.match(findings, [
    {
      fault: 'node-not-observed',
      severity: 'critical',
      scope: { kind: 'node', nodes: ['node-1'] },
      since: '2027-01-15T08:01:15.000Z',
    },
  ])
  t.equal(findings[0]?.story, 'Nothing has been heard from node-1 since 2027-01-15 08:01:15 UTC.')
  t.match(findings[0]?.confirm, [
    /^on node-1: curl -sm2 http:\/\/127\.0\.0\.1:9530\/metrics \| grep oddnode_pushes_total # /,
  ])
  rounds(world, 1, () => good())
  t.same(found(world), [], 'it ends when pushes come again')
})

t.test('40 s where Kubernetes says NotReady, and the story says so', async (t) => {
  const world = createWorld(['node-1', 'node-2'])
  rounds(world, 5, () => good())
  named(world, { ready: false })
  rounds(world, 3, without('node-1'))
  t.match(found(world), [{ story: /; Kubernetes calls it NotReady\.$/ }])
})

t.test('an aggregator younger than 60 s accuses nobody, and ends nothing', async (t) => {
  const world = createWorld(['node-1', 'node-2'])
  rounds(world, 2, () => good())
  rounds(world, 6, without('node-1'))
  t.equal(found(world).length, 1)
  world.fleet.listeningSince = world.at - 59
  t.equal(found(world).length, 1)
  world.fleet.findings.clear()
  t.same(found(world), [])
})

t.test('a node without an agent is told when it is older than five minutes', async (t) => {
  const world = createWorld(['node-1', 'node-2'])
  world.at = start + 100
  named(world, { createdAt: start - 150 })
  rounds(world, 1, without('node-2'))
  t.same(found(world), [])
  t.match(found(world, start + 151), [
    { severity: 'warning', title: 'node-2 has no agent', scope: { nodes: ['node-2'] } },
  ])
})

t.test('outside Kubernetes a clean goodbye is no finding', async (t) => {
  const world = createWorld(['node-1', 'node-2'], undefined, ['host'])
  rounds(world, 5, () => good())
  for (const agent of world.fleet.agents.values()) if (agent.node === 'node-1') agent.stopped = true
  rounds(world, 6, without('node-1'))
  t.same(found(world), [])
  named(world, { expected: ['host'] })
  t.match(found(world), [{ scope: { nodes: ['node-1'] } }], 'in Kubernetes a DaemonSet brings it back')
})

t.test('all nodes silent is one finding about the cluster', async (t) => {
  const world = createWorld(['node-1', 'node-2', 'node-3'])
  rounds(world, 5, () => good())
  t.match(found(world, world.at + 100), [{ scope: { kind: 'cluster' }, title: 'Nothing is heard from any of 3 nodes' }])
})

t.test('it covers what else is open on the node', async (t) => {
  const world = createWorld(['node-1', 'node-2'])
  rounds(world, 5, () => good())
  rounds(world, 6, (node, vantage) => (node === 'node-1' ? (vantage === 'pod' ? null : good()) : good()))
  t.match(found(world), [{ fault: 'vantage-silent' }])
  rounds(world, 5, without('node-1'))
  t.match(found(world), [{ fault: 'node-not-observed' }])
  t.equal(visibleFindings(world.fleet).length, 1)
})

t.test('a node that is deleted from the API ends it', async (t) => {
  const world = createWorld(['node-1', 'node-2'])
  rounds(world, 5, () => good())
  named(world)
  rounds(world, 6, without('node-1'))
  t.equal(found(world).length, 1)
  world.nodes = ['node-2']
  named(world)
  t.same(found(world), [])
})
