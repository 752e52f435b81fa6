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

const many = Array.from({ length: 12 }, (_, i) => `n${i + 10}`)
/** Twelve nodes of three zones in Kubernetes, all of which report. */
function zonedWorld(changes: (name: string) => Partial<ClusterNode> = () => ({})): World {
  const world = createWorld(many)
  pictureOf(world, changes)
  rounds(world, 5, () => good())
  return world
}
const zoneOf = (name: string) => `zone-${Number(name.slice(1)) % 3}`
const pictureOf = (world: World, changes: (name: string) => Partial<ClusterNode>) =>
  applyCluster(
    world.fleet,
    world.at,
    clusterOf(world.nodes.map((name) => clusterNode(name, { attributes: { zone: zoneOf(name) }, ...changes(name) }))),
  )
const inZone = (zone: string) => many.filter((name) => zoneOf(name) === zone)
const silence =
  (...names: string[]) =>
  (node: string) =>
    names.includes(node) ? null : good()

t.test('a zone that falls silent is one finding, with what its nodes share', async (t) => {
  const world = zonedWorld()
  const zone = inZone('zone-0')
  rounds(world, 5, silence(...zone))
  const [finding, ...others] = found(world)
  t.same(others, [])
  t.match(finding, {
    severity: 'critical',
    scope: { kind: 'group', nodes: zone, shared: { zone: 'zone-0' } },
    title: 'Nothing is heard from n12, n15, n18 and n21',
    story: /^Nothing has been heard from n12, n15, n18 and n21 since .*; Kubernetes calls them Ready\.$/,
    confirm: [/^kubectl get node n12 n15 n18 n21; kubectl get pod -A -o wide -l app\.kubernetes\.io\/name=oddnode$/],
  })
  pictureOf(world, (name) => ({ ready: name !== 'n12' }))
  t.match(found(world), [{ id: finding?.id, story: /; Kubernetes calls 1 of them NotReady\.$/ }])
  pictureOf(world, (name) => ({ ready: !zone.includes(name) }))
  t.match(found(world), [{ id: finding?.id, story: /; Kubernetes calls them NotReady\.$/, cause: /in common/ }])
})

t.test('it is the same finding while more nodes fall silent, all do, and they come back one by one', async (t) => {
  const world = zonedWorld()
  rounds(world, 3, silence('n12'))
  rounds(world, 1, silence('n12', 'n15'))
  const [{ id, since, scope } = {}] = found(world, world.at + 2)
  t.same(scope?.nodes, ['n12'])
  rounds(world, 4, silence('n12', 'n15'))
  t.match(found(world), [{ id, since, scope: { kind: 'group', nodes: ['n12', 'n15'] } }])
  rounds(world, 5, () => null)
  t.match(found(world), [{ id, since, scope: { kind: 'cluster', nodes: [] } }])
  rounds(world, 1, silence('n18', 'n21'))
  t.match(found(world), [{ id, since, scope: { nodes: ['n18', 'n21'] } }])
  rounds(world, 1, silence('n18'))
  t.match(found(world), [{ id, since, scope: { kind: 'node', nodes: ['n18'] } }])
  rounds(world, 1, () => good())
  t.same(found(world), [])
})

t.test('who fell silent at another time is another finding', async (t) => {
  const world = zonedWorld()
  rounds(world, 12, silence('n12'))
  rounds(world, 5, silence('n12', 'n15', 'n18'))
  t.same(
    found(world)
      .map(({ scope }) => scope.nodes)
      .sort(),
    [['n12'], ['n15', 'n18']],
  )
})

t.test('all are silent and one has just come into being: one finding about the cluster', async (t) => {
  const world = zonedWorld()
  world.nodes = [...many, 'n99']
  pictureOf(world, (name) => (name === 'n99' ? { createdAt: world.at + 30 } : {}))
  rounds(world, 6, () => null)
  t.match(found(world), [{ scope: { kind: 'cluster' }, title: 'Nothing is heard from any of 12 nodes' }])
})

t.test('nodes that never had an agent are one finding, apart from those that are NotReady', async (t) => {
  const world = zonedWorld()
  world.nodes = [...many, 'x1', 'x2', 'y1']
  pictureOf(world, (name) => ({ ready: name !== 'y1', createdAt: name === 'x1' ? start - 900_000 : start - 86_400 }))
  rounds(world, 2, silence('x1', 'x2', 'y1'))
  t.match(found(world), [
    { severity: 'warning', title: 'x1 and x2 have no agent', scope: { nodes: ['x1', 'x2'] } },
    { severity: 'warning', title: 'y1 has no agent', scope: { nodes: ['y1'] } },
  ])
})

t.test('a cordoned node that is gone is told as that, apart from others, and alarms nobody', async (t) => {
  const world = zonedWorld((name) => ({ cordoned: name === 'n12', ready: name !== 'n12' }))
  rounds(world, 5, silence('n12', 'n15'))
  t.match(found(world), [
    { severity: 'critical', scope: { nodes: ['n15'] } },
    {
      severity: 'info',
      scope: { nodes: ['n12'] },
      story: /; Kubernetes calls it NotReady\. n12 is cordoned: what runs there may be on its way out\.$/,
    },
  ])
})

t.test('an aggregator that has just started does not end a group because one of it is back', async (t) => {
  const world = zonedWorld()
  rounds(world, 5, silence('n12', 'n15'))
  const [{ id } = {}] = found(world)
  world.fleet.listeningSince = world.at
  rounds(world, 1, silence('n15'))
  t.match(found(world), [{ id, reopened: 0 }])
})
