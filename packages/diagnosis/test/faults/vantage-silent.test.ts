import t from 'tap'
import { applyCluster, applyTick } from '../../src/apply.ts'
import { visibleFindings } from '../../src/evaluate.ts'
import { probeState } from '../../src/window.ts'
import { clusterNode, clusterOf, createWorld, good, present, rounds, type Sees, type World } from '../world.ts'

const found = (world: World, at = world.at) => {
  applyTick(world.fleet, at)
  return visibleFindings(world.fleet)
}
const silent =
  (odd: string, which: 'host' | 'pod'): Sees =>
  (node, vantage) =>
    node === odd && vantage === which ? null : good()

t.test('trap 14: absence counts: agent killed, A-02 in 75 s, cells no-data', async (t) => {
  const world = createWorld(['node-1', 'node-2', 'node-3'])
  rounds(world, 5, () => good())
  rounds(world, 5, silent('node-2', 'pod'))
  const findings = found(world)
  t.match(findings, [
    {
      fault: 'vantage-silent',
      severity: 'critical',
      scope: { kind: 'node', nodes: ['node-2'], subject: { pod: 'agent-pod' } },
    },
  ])
  t.equal(
    findings[0]?.story,
    'Only the host agent of node-2 reports; the other is silent since 2027-01-15 08:01:15 UTC, so what pods see there is unknown.',
  )
  t.match(probeState(present(world.fleet.agents.get('pod/node-2')).windows, 0), { state: 'no-data', reason: 'stale' })
  rounds(world, 1, () => good())
  t.same(found(world), [])
})

t.test('a silent host agent is a warning', async (t) => {
  const world = createWorld(['node-1', 'node-2'])
  rounds(world, 5, () => good())
  rounds(world, 5, silent('node-2', 'host'))
  t.match(found(world), [{ severity: 'warning', scope: { subject: { pod: 'agent-host' } } }])
})

t.test('a rolling update is no finding: at most one round', async (t) => {
  const world = createWorld(['node-1', 'node-2'])
  rounds(world, 5, () => good())
  rounds(world, 2, silent('node-2', 'pod'))
  t.same(found(world), [])
})

t.test('an agent that never came is told beside its twin, where it is expected', async (t) => {
  const world = createWorld(['node-1', 'node-2'])
  rounds(world, 6, silent('node-2', 'pod'))
  t.same(found(world), [], 'nobody expects it outside Kubernetes')
  applyCluster(world.fleet, world.at, clusterOf(world.nodes.map((name) => clusterNode(name))))
  t.match(found(world), [
    {
      story: /^Only the host agent of node-2 reports; the other has never been heard/,
      confirm: [/^kubectl/, /^kubectl/],
    },
  ])
})

t.test('the same on all nodes is one finding', async (t) => {
  const world = createWorld(['node-1', 'node-2', 'node-3'])
  rounds(world, 5, () => good())
  rounds(world, 5, (_, vantage) => (vantage === 'pod' ? null : good()))
  t.match(found(world), [{ scope: { kind: 'cluster', subject: { pod: 'agent-pod' } } }])
})

t.test('both silent is not this one', async (t) => {
  const world = createWorld(['node-1', 'node-2'])
  rounds(world, 5, () => good())
  rounds(world, 6, (node) => (node === 'node-2' ? null : good()))
  t.match(found(world), [{ fault: 'node-not-observed' }])
})

const many = Array.from({ length: 6 }, (_, i) => `node-${i}`)
const podsSilent =
  (...names: string[]): Sees =>
  (node, vantage) =>
    vantage === 'pod' && names.includes(node) ? null : good()

t.test('the pod agents of nearly all nodes are one finding, and stay one', async (t) => {
  const world = createWorld(many)
  rounds(world, 5, () => good())
  rounds(world, 5, podsSilent('node-0'))
  const [{ id } = {}] = found(world)
  rounds(world, 5, podsSilent(...many.slice(0, 5)))
  t.match(
    found(world)
      .map(({ scope }) => scope.nodes)
      .sort(),
    [['node-0'], ['node-1', 'node-2', 'node-3', 'node-4']],
  )
  const fresh = createWorld(many)
  rounds(fresh, 5, () => good())
  rounds(fresh, 5, podsSilent(...many.slice(0, 5)))
  const [finding, ...others] = found(fresh)
  t.same(others, [])
  t.match(finding, {
    severity: 'critical',
    scope: { kind: 'group', nodes: many.slice(0, 5), subject: { pod: 'agent-pod', node: null } },
    title: 'The pod agents of node-0, node-1, node-2, node-3 and node-4 are silent',
    story: /^Only the host agents of .* report; the others are silent since .*, so what pods see there is unknown\.$/,
  })
  rounds(fresh, 5, podsSilent(...many))
  t.match(found(fresh), [{ id: finding?.id, scope: { kind: 'cluster' } }])
  rounds(fresh, 1, podsSilent('node-3'))
  t.match(found(fresh), [{ id: finding?.id, scope: { kind: 'node', nodes: ['node-3'], subject: { node: 'node-3' } } }])
  rounds(fresh, 1, () => good())
  t.same(found(fresh), [])
  t.ok(id)
})

t.test('one dead node beside does not keep the rest from being all', async (t) => {
  const world = createWorld(many)
  rounds(world, 5, () => good())
  rounds(world, 5, (node, vantage) => (node === 'node-5' || vantage === 'pod' ? null : good()))
  t.match(
    found(world).map(({ fault, scope }) => [fault, scope.kind]),
    [
      ['vantage-silent', 'cluster'],
      ['node-not-observed', 'node'],
    ],
  )
})

t.test('who comes back from a group that is silent yet is not told for its second agent', async (t) => {
  const world = createWorld(many)
  rounds(world, 5, () => good())
  rounds(world, 6, (node) => (node === 'node-1' || node === 'node-2' ? null : good()))
  t.match(found(world), [{ fault: 'node-not-observed', scope: { nodes: ['node-1', 'node-2'] } }])
  rounds(world, 1, (node, vantage) => (node === 'node-2' || (node === 'node-1' && vantage === 'pod') ? null : good()))
  t.match(found(world), [{ fault: 'node-not-observed', scope: { nodes: ['node-2'] } }])
})
