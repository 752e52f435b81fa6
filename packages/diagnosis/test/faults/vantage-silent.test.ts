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
