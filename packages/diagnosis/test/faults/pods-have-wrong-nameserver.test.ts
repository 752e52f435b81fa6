import { makePlan, type Plan, type Vantage } from '@oddnode/protocol'
import t from 'tap'
import { applyTick } from '../../src/apply.ts'
import { visibleFindings } from '../../src/evaluate.ts'
import { clusterNode } from '../world.ts'
import { faultPlan, faultPlanInput, targetAt } from './fault-plan.ts'
import { faultCluster, faultWorld, named, nodeLocalFacts, resolvConf, type Sees, worldOf } from './fault-world.ts'

const search = ['oddnode.svc.cluster.local', 'svc.cluster.local', 'cluster.local']

/** Pods of these nodes are given this nameserver. */
const given = (nodes: readonly string[], address: string) => (node: string, vantage: Vantage) =>
  vantage === 'pod' && nodes.includes(node)
    ? { ...nodeLocalFacts(node, vantage), resolvConf: resolvConf([address], search, ['ndots:5']) }
    : nodeLocalFacts(node, vantage)

/** The plan of an agent whose nameserver is none of the usual servers. */
function planWith(address: string): Plan {
  const input = faultPlanInput('pod')
  return makePlan({ ...input, targets: [...input.targets, targetAt('resolv-conf', address)] })
}

const healthy: Sees = () => null
const fourNodes = ['node-1', 'node-2', 'node-3', 'node-4']

t.test('pods of one node get another nameserver, which answers', async (t) => {
  t.match(named(worldOf(healthy, { facts: given(['node-2'], '10.96.0.10') })), [
    {
      fault: 'pods-have-wrong-nameserver',
      severity: 'warning',
      confidence: 'certain',
      scope: { kind: 'node', nodes: ['node-2'] },
      story: 'Pods on node-2 get nameserver 10.96.0.10, on the other nodes 169.254.20.10.',
      confirm: [
        /spec\.nodeName=node-2\) -- cat \/etc\/resolv\.conf$/,
        'kubectl get --raw /api/v1/nodes/node-2/proxy/configz | jq .kubeletconfig.clusterDNS',
        'kubectl get events -A --field-selector reason=MissingClusterDNS',
      ],
    },
  ])
})

t.test('none at all', async (t) => {
  const facts = (node: string, vantage: Vantage) =>
    vantage === 'pod' && node === 'node-2'
      ? { ...nodeLocalFacts(node, vantage), resolvConf: resolvConf([], []) }
      : nodeLocalFacts(node, vantage)
  t.match(named(worldOf(healthy, { facts })), [
    {
      fault: 'pods-have-wrong-nameserver',
      severity: 'critical',
      story:
        'Pods on node-2 get nameserver none, on the other nodes 169.254.20.10; programs there ask 127.0.0.1, their own pod.',
    },
  ])
})

t.test('one that does not answer is critical, and what asks it is explained', async (t) => {
  const dead: Sees = (_, { role }) => (role === 'resolv-conf' ? 'timeout' : null)
  const findings = named(
    worldOf(dead, {
      facts: given(['node-2'], '10.96.0.99'),
      plan: (vantage, node) => (vantage === 'pod' && node === 'node-2' ? planWith('10.96.0.99') : faultPlan(vantage)),
    }),
  )
  t.equal(findings.length, 1)
  t.match(findings, [
    {
      fault: 'pods-have-wrong-nameserver',
      severity: 'critical',
      confidence: 'certain',
      story: 'Pods on node-2 get nameserver 10.96.0.99, on the other nodes 169.254.20.10; 10.96.0.99 does not answer.',
    },
  ])
})

t.test('one that does not know the names of the cluster is critical too', async (t) => {
  const wrong: Sees = (_, { role, question }) => (role === 'resolv-conf' && question !== 'missing' ? 'NXDOMAIN' : null)
  const findings = named(
    worldOf(wrong, {
      facts: given(['node-2'], '192.0.2.1'),
      plan: (vantage, node) => (vantage === 'pod' && node === 'node-2' ? planWith('192.0.2.1') : faultPlan(vantage)),
    }),
  )
  t.equal(findings.length, 1)
  t.match(findings, [{ severity: 'critical', story: /; 192\.0\.2\.1 does not answer rightly\.$/ }])
})

t.test('several nodes are one group', async (t) => {
  const findings = named(
    worldOf(healthy, {
      nodes: ['node-1', 'node-2', 'node-3', 'node-4', 'node-5'],
      facts: given(['node-2', 'node-4'], '10.96.0.10'),
    }),
  )
  t.equal(findings.length, 1)
  t.match(findings, [
    {
      scope: { kind: 'group', nodes: ['node-2', 'node-4'], shared: { zone: 'zone-2' } },
      story: 'Pods on node-2 and node-4 get nameserver 10.96.0.10, on the other nodes 169.254.20.10.',
    },
  ])
})

t.test('without a majority both halves are named', async (t) => {
  const findings = named(worldOf(healthy, { nodes: fourNodes, facts: given(['node-3', 'node-4'], '10.96.0.10') }))
  t.equal(findings.length, 1)
  t.match(findings, [
    {
      severity: 'warning',
      confidence: 'likely',
      scope: { kind: 'cluster' },
      story:
        'Pods get nameserver 10.96.0.10 on node-3 and node-4, 169.254.20.10 on node-1 and node-2: which is right cannot be told from the nodes alone.',
    },
  ])
})

t.test('of two halves the one that gets no answer is named', async (t) => {
  const dead: Sees = (_, { role }) => (role === 'resolv-conf' ? 'timeout' : null)
  const findings = named(
    worldOf(dead, {
      nodes: fourNodes,
      facts: given(['node-3', 'node-4'], '10.96.0.99'),
      plan: (vantage, node) =>
        vantage === 'pod' && ['node-3', 'node-4'].includes(node) ? planWith('10.96.0.99') : faultPlan(vantage),
    }),
  )
  t.equal(findings.length, 1)
  t.match(findings, [
    {
      severity: 'critical',
      confidence: 'certain',
      story:
        'Pods get nameserver 10.96.0.99 on node-3 and node-4, 169.254.20.10 on node-1 and node-2; 10.96.0.99 does not answer.',
    },
  ])
})

t.test('groups that differ by design are not compared, nor a node that is cordoned', async (t) => {
  const facts = given(['node-2'], '10.96.0.10')
  const apart = faultCluster()
  const asGroup = {
    ...apart,
    nodes: apart.nodes.map((node) => ({ ...node, group: node.name === 'node-2' ? 'windows' : '' })),
  }
  t.same(named(worldOf(healthy, { facts, cluster: asGroup })), [])
  const cordoned = { ...apart, nodes: apart.nodes.map((node) => ({ ...node, cordoned: node.name === 'node-2' })) }
  t.same(named(worldOf(healthy, { facts, cluster: cordoned })), [])
  const alone = { ...apart, nodes: [clusterNode('node-2')] }
  t.same(named(worldOf(healthy, { nodes: ['node-2'], facts, cluster: alone })), [])
})

t.test('the usual nameserver that cannot be reached is another fault', async (t) => {
  const cut: Sees = (node, { vantage, role }) =>
    node === 'node-2' && vantage === 'pod' && role === 'node-local' ? 'timeout' : null
  t.match(named(worldOf(cut)), [{ fault: 'pods-cannot-reach-node-local-dns' }])
})

t.test('it ends when the nameservers are alike, and not because nobody tells', async (t) => {
  let odd = true
  const facts = (node: string, vantage: Vantage) => given(odd ? ['node-2'] : [], '10.96.0.10')(node, vantage)
  const world = faultWorld({ facts })
  t.equal(world.run(1, healthy).length, 1)
  const { fleet } = world.world
  const agent = fleet.agents.get('pod/node-2')
  if (agent !== undefined) agent.facts = null
  applyTick(fleet, world.world.at + 5)
  t.equal(visibleFindings(fleet).length, 1)
  odd = false
  t.same(world.run(1, healthy), [])
})
