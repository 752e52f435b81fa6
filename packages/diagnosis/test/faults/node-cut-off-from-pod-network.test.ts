import type { Cluster } from '@oddnode/protocol'
import t from 'tap'
import { applyTick } from '../../src/apply.ts'
import { visibleFindings } from '../../src/evaluate.ts'
import { agentKey } from '../../src/fleet.ts'
import { faultsOf, isFound, namesOf, oneByOne } from './fault-names.ts'
import { planWith, planWithout } from './fault-plan.ts'
import { faultCluster, faultWorld, named, type ProbeOf, type Sees, worldOf } from './fault-world.ts'
import { inTime } from './timed-world.ts'

const name = 'node-cut-off-from-pod-network'
const hosts: Readonly<Record<string, string>> = { '10.244.1.2': 'node-1', '10.244.3.2': 'node-3' }
const isService = ({ role }: ProbeOf) => role === 'cluster-dns' || role === 'cluster-dns-upstream'

/** Packets between pods of this node and pods of others are dropped. What a ClusterIP spreads is lost by halves. */
const cutOff =
  (odd: string): Sees =>
  (node, probe, round) => {
    const host = hosts[probe.address]
    if (host !== undefined) return probe.vantage === 'pod' && (host === odd) !== (node === odd) ? 'timeout' : null
    if (!isService(probe) || probe.vantage !== 'pod') return null
    const isAlone = !Object.values(hosts).includes(odd)
    if (node === odd && isAlone) return 'timeout'
    if (isAlone) return null
    return (round + probe.question.length + probe.transport.length) % 2 === 0 ? 'timeout' : null
  }

t.test('a node without a CoreDNS pod of its own', async (t) => {
  const [finding, ...others] = named(worldOf(cutOff('node-2')))
  t.same(others, [])
  t.match(finding, {
    fault: name,
    severity: 'critical',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story: 'Pods on node-2 cannot reach pods on other nodes; DNS works there never.',
  })
  t.match(finding?.confirm, [
    /oddnode check/,
    'in a pod on node-2: nc -zvw2 10.244.1.2 8181',
    /^on node-2: ip route; tcpdump/,
  ])
})

t.test('a node with one: only that one answers, and for others it is lost', async (t) => {
  const found = named(worldOf(cutOff('node-3')))
  t.equal(found.length, 1)
  t.match(found, [
    {
      fault: name,
      confidence: 'certain',
      scope: { kind: 'node', nodes: ['node-3'] },
      story:
        'Pods on node-3 cannot reach pods on other nodes; DNS works there only by the CoreDNS pod on the same node.',
    },
  ])
})

t.test('two nodes of four are a group', async (t) => {
  const nodes = ['node-1', 'node-2', 'node-3', 'node-4', 'node-5']
  const sees: Sees = (node, probe, round) =>
    ['node-2', 'node-4'].includes(node) ? cutOff(node)(node, probe, round) : null
  t.match(named(worldOf(sees, { nodes })), [{ fault: name, scope: { kind: 'group', nodes: ['node-2', 'node-4'] } }])
})

t.test('it ends', async (t) => {
  const world = faultWorld()
  t.same(faultsOf(world.run(8, cutOff('node-3'))), [name])
  t.same(
    world.run(3, () => null),
    [],
  )
})

t.test('from outside, while its pods cannot be heard', async (t) => {
  const world = faultWorld()
  world.run(4, cutOff('node-3'))
  const silent = agentKey('node-3', 'pod')
  const agent = world.world.fleet.agents.get(silent)
  for (let round = 0; round < 8; round++) {
    world.run(1, cutOff('node-3'))
    if (agent !== undefined) agent.lastSeen = world.world.at - 90
    applyTick(world.world.fleet, world.world.at + 1)
  }
  t.match(visibleFindings(world.world.fleet), [
    { fault: name, scope: { kind: 'node', nodes: ['node-3'] }, story: /only by the CoreDNS pod on the same node\.$/ },
  ])
})

/** CoreDNS runs on node-3 only. */
const single = (): { cluster: Cluster; plan: ReturnType<typeof planWith> } => {
  const cluster = faultCluster()
  const endpoints = cluster.dns.endpoints?.filter(({ node }) => node === 'node-3') ?? null
  const { targets } = planWithout('endpoint')('pod')
  const one = { role: 'endpoint', address: '10.244.3.2', port: 53, learnedFrom: 'kubernetes' } as const
  return { cluster: { ...cluster, dns: { ...cluster.dns, endpoints } }, plan: planWith({ targets: [...targets, one] }) }
}

t.test('the node of the only CoreDNS pod is cut off, not the ones that ask it', async (t) => {
  const sees: Sees = (node, probe) =>
    probe.address === '10.244.3.2' && node !== 'node-3' && probe.vantage === 'pod'
      ? 'timeout'
      : isService(probe) && probe.vantage === 'pod' && node !== 'node-3'
        ? 'timeout'
        : null
  t.match(named(worldOf(sees, single())), [
    { fault: name, confidence: 'likely', scope: { kind: 'node', nodes: ['node-3'] } },
  ])
})

t.test('not where the CoreDNS pods answer nobody', async (t) => {
  t.notOk(
    namesOf((_, { address, role }) => (role === 'endpoint' && address in hosts ? 'timeout' : null)).includes(name),
  )
  const alone = namesOf((_, { address }) => (address === '10.244.3.2' ? 'timeout' : null), single())
  t.same(alone, ['coredns-endpoint-failing', 'coredns-not-spread'])
})

t.test('not where one of them is reached', async (t) => {
  const sees: Sees = (node, { vantage, address }) =>
    node === 'node-2' && vantage === 'pod' && address === '10.244.3.2' ? 'timeout' : null
  t.notOk(namesOf(sees).includes(name))
})

t.test('not where their other ports are reached: a policy', async (t) => {
  const sees: Sees = (node, probe, round) => (probe.question === 'reach' ? null : cutOff('node-2')(node, probe, round))
  t.notOk(namesOf(sees).includes(name))
})

t.test('not where pods reach nothing at all', async (t) => {
  t.same(
    namesOf((node, { vantage }) => (node === 'node-2' && vantage === 'pod' ? 'timeout' : null)),
    ['pods-have-no-network'],
  )
})

t.test('not where the CoreDNS pod of the node does not answer either', async (t) => {
  const sees: Sees = (node, { vantage, role }) =>
    node === 'node-3' && vantage === 'pod' && role === 'endpoint' ? 'timeout' : null
  t.notOk(namesOf(sees).includes(name))
})

t.test('without the other ports it is possible', async (t) => {
  const plan = (vantage: 'host' | 'pod') => planWith({ targets: planWithout('api-server')(vantage).targets })(vantage)
  const sees: Sees = (node, probe, round) =>
    probe.question === 'reach' ? 'local-error' : cutOff('node-2')(node, probe, round)
  t.match(named(worldOf(sees, { plan })), [{ fault: name, confidence: 'possible' }])
})

t.test('not before nothing comes from there', async (t) => {
  const isFirst = ({ question, transport }: ProbeOf) =>
    question === 'reach' || (question === 'kubernetes' && transport === 'udp')
  t.notOk(isFound(name, oneByOne(cutOff('node-2'), isFirst), {}, 3))
})

t.test('not where pods reach nothing at all', async (t) => {
  const nothing: Sees = (node, { vantage }) => (node === 'node-2' && vantage === 'pod' ? 'timeout' : null)
  t.notOk(isFound(name, nothing))
  const { world, run } = faultWorld({ plan: planWithout('node-local') })
  run(8, nothing)
  const found = [...world.fleet.findings.values()].find(({ fault }) => fault === name)
  t.equal(found?.confidence, 'possible', 'where nothing on the node is asked')
})

t.test('not where node-local DNS is not reached either', async (t) => {
  const both: Sees = (node, probe, round) =>
    node === 'node-2' && probe.vantage === 'pod' && probe.role === 'node-local'
      ? 'timeout'
      : cutOff('node-2')(node, probe, round)
  t.notOk(isFound(name, both))
})

const five = ['node-1', 'node-2', 'node-3', 'node-4', 'node-5']

/** The tunnel between all nodes is closed: a CoreDNS pod answers its own node alone. */
const betweenAll =
  (vantages: readonly string[]): Sees =>
  (node, probe, round) => {
    if (!vantages.includes(probe.vantage)) return null
    const host = hosts[probe.address]
    if (host !== undefined) return host === node ? null : 'timeout'
    if (!isService(probe)) return null
    const isOwn = Object.values(hosts).includes(node)
    return isOwn && (round + probe.question.length + probe.transport.length) % 2 === 0 ? null : 'timeout'
  }

t.test('all nodes from each other: one finding about the cluster', async (t) => {
  for (const vantages of [['pod'], ['pod', 'host']]) {
    const [finding, ...others] = named(worldOf(betweenAll(vantages), { nodes: five }), 12)
    t.same(others, [])
    t.match(finding, {
      fault: name,
      severity: 'critical',
      confidence: 'likely',
      scope: { kind: 'cluster', nodes: [] },
      title: 'Every node is cut off from the pod network',
      story:
        'Pods on every node cannot reach pods on other nodes; DNS works there only where a CoreDNS pod is on the same node.',
    })
  }
})

t.test('that is told within 45 s, and over within 60 s', async (t) => {
  const seen = inTime(betweenAll(['pod']), { begins: 120, ends: 120, seconds: 360 }).filter(
    ({ faults }) => faults.length > 0,
  )
  t.same([...new Set(seen.flatMap(({ faults }) => faults))], [name])
  t.ok((seen[0]?.second ?? Infinity) <= 165)
  t.ok((seen.at(-1)?.second ?? Infinity) <= 300)
})

t.test('not all nodes where the CoreDNS pods are on one that is cut off, or answer not even there', async (t) => {
  const isAll = (sees: Sees) =>
    named(worldOf(sees, { nodes: five })).some(({ fault, scope }) => fault === name && scope.kind === 'cluster')
  t.notOk(isAll(cutOff('node-3')))
  t.notOk(isAll((_, { role, vantage }) => (role === 'endpoint' && vantage === 'pod' ? 'timeout' : null)))
})
