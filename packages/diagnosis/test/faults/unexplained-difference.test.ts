import type { Observation, Vantage } from '@oddnode/protocol'
import t from 'tap'
import { applyTick } from '../../src/apply.ts'
import { visibleFindings } from '../../src/evaluate.ts'
import {
  clusterDns,
  createWorld,
  endpoint,
  good,
  planOf,
  push,
  rounds,
  type Sees,
  servfail,
  timeout,
  type World,
} from '../world.ts'
import { type Sees as FaultSees, named, worldOf } from './fault-world.ts'

/** Pods use the upstream Service for nothing, and nobody needs an SOA: that these fail has no name. */
const upstreamPlan = planOf([
  { role: 'cluster-dns-upstream', address: '10.96.0.11' },
  { role: 'cluster-dns-upstream', address: '10.96.0.11', transport: 'tcp' },
  { role: 'cluster-dns', address: clusterDns },
  { role: 'cluster-dns', address: clusterDns, transport: 'tcp' },
  { role: 'endpoint', address: endpoint, question: 'soa' },
])

const found = (world: World) => {
  applyTick(world.fleet, world.at)
  return visibleFindings(world.fleet)
}
const names = (count: number) => Array.from({ length: count }, (_, i) => `node-${i + 1}`)
const worldWith = (count: number, sees: Sees, plan = upstreamPlan): World => {
  const world = createWorld(names(count), plan)
  rounds(world, 5, () => good())
  rounds(world, 6, sees)
  return world
}
const on =
  (nodes: string[], bad: Observation, probes = [0, 1]): Sees =>
  (node, vantage, probe) =>
    nodes.includes(node) && vantage === 'pod' && probes.includes(probe) ? bad : good()

t.test('one of three nodes', async (t) => {
  const [finding, ...more] = found(worldWith(3, on(['node-2'], timeout)))
  t.same(more, [])
  t.match(finding, {
    severity: 'warning',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'], subject: { role: 'cluster-dns-upstream' } },
  })
  t.equal(
    finding?.story,
    'node-2 differs from 2 comparable nodes: pods get timeout instead of an answer from cluster DNS upstream 10.96.0.11 over UDP and TCP; no known fault explains it.',
  )
  t.match(finding?.evidence, [
    {
      node: 'node-2',
      vantage: 'pod',
      transport: 'udp',
      outcome: 'timeout',
      answered: 0,
      asked: 5,
      healthy: { node: 'node-1', answered: 5, asked: 5, medianSeconds: 0.0004 },
    },
    { transport: 'tcp' },
  ])
  t.equal(
    finding?.confirm[0],
    'in a pod on node-2: dig +time=2 +tries=1 +notcp +bufsize=1232 @10.96.0.11 kubernetes.default.svc.cluster.local. A',
  )
})

t.test('majority is not truth: two of three that fail are the faulty ones, as one group', async (t) => {
  const findings = found(worldWith(3, on(['node-1', 'node-3'], timeout)))
  t.match(findings, [{ scope: { kind: 'group', nodes: ['node-1', 'node-3'] } }])
  t.match(findings[0]?.story, /^node-1 and node-3 differ from 1 comparable node: /)
})

t.test('a group names what its nodes share and the others do not', async (t) => {
  const world = createWorld(names(12), upstreamPlan)
  rounds(world, 1, () => good())
  for (const node of world.fleet.nodes.values()) {
    node.attributes = { zone: Number(node.name.slice(5)) % 3 === 0 ? 'zone-c' : 'zone-a', kernel: '6.12' }
  }
  rounds(world, 4, () => good())
  rounds(world, 6, on(['node-3', 'node-6', 'node-9', 'node-12'], timeout))
  const findings = found(world)
  t.match(findings, [{ scope: { kind: 'group', shared: { zone: 'zone-c' } } }])
  t.notOk('kernel' in (findings[0]?.scope.shared ?? {}))
  t.equal(new Set(findings[0]?.evidence.map(({ node }) => node)).size, 3, 'the rows of the first nodes')
})

t.test('two nodes: the one that fails differs', async (t) => {
  t.match(found(worldWith(2, on(['node-1'], servfail))), [
    {
      scope: { nodes: ['node-1'] },
      story: /^node-1 differs from 1 comparable node: pods get SERVFAIL instead of NOERROR from cluster DNS upstream/,
    },
  ])
})

t.test('one machine: absolute evidence', async (t) => {
  const plan = planOf([
    { role: 'resolv-conf', address: '192.0.2.53' },
    { role: 'resolv-conf', address: '192.0.2.53', transport: 'tcp' },
  ])
  const world = createWorld(['resolver-host'], plan, ['host'])
  rounds(world, 6, () => timeout)
  const findings = found(world)
  t.match(findings, [{ scope: { kind: 'node', nodes: ['resolver-host'] } }])
  t.equal(
    findings[0]?.story,
    'node resolver-host gets no answer (timeout) from resolv-conf 192.0.2.53 over UDP and TCP; no known fault explains it.',
  )
})

t.test('a server that fails from every node is one finding about it, and no node is called odd', async (t) => {
  const findings = found(worldWith(3, (_, __, probe) => (probe === 4 ? timeout : good())))
  t.match(findings, [{ scope: { kind: 'endpoint', nodes: [], subject: { role: 'endpoint', address: '10.244.0.7' } } }])
  t.match(
    findings[0]?.story,
    /^CoreDNS endpoint 10\.244\.0\.7 fails from all 3 nodes that ask it: host processes and pods get timeout/,
  )
})

t.test('what fails on all nodes is one finding about the cluster', async (t) => {
  t.match(found(worldWith(12, (_, __, probe) => (probe < 2 ? timeout : good()))), [
    { scope: { kind: 'cluster', subject: { role: 'cluster-dns-upstream' } } },
  ])
  t.match(found(worldWith(3, () => timeout)), [{ scope: { kind: 'cluster', subject: null } }])
})

t.test('a fault that begins everywhere is never told of the first node only', async (t) => {
  const world = createWorld(names(3), upstreamPlan)
  rounds(world, 5, () => good())
  rounds(world, 5, (_, __, probe) => (probe === 4 ? timeout : good()))
  rounds(world, 1, (node, __, probe) => (node === 'node-3' ? null : probe === 4 ? timeout : good()))
  t.match(found(world), [{ scope: { kind: 'endpoint' } }])
  const early = createWorld(names(3), upstreamPlan)
  rounds(early, 5, () => good())
  // node-3 has not been asked since the fault began: its last good sample is older.
  for (let again = 0; again < 5; again++) {
    early.at += 5
    for (const node of ['node-1', 'node-2']) push(early, node, 'pod', (probe) => (probe === 4 ? timeout : good()))
  }
  t.same(found(early), [])
})

t.test('never for degraded', async (t) => {
  const world = createWorld(names(3), upstreamPlan)
  rounds(world, 30, () => good())
  for (let i = 0; i < 10; i++) {
    rounds(world, 1, on(['node-2'], timeout))
    rounds(world, 4, () => good())
    t.same(found(world), [])
  }
})

t.test('another answer than most, for five rounds', async (t) => {
  const world = createWorld(names(3), upstreamPlan)
  const other: Sees = (node, _, probe) => (node === 'node-3' && probe === 2 ? good(['10.9.9.9']) : good())
  rounds(world, 4, other)
  t.same(found(world), [])
  rounds(world, 2, other)
  const findings = found(world)
  t.match(findings, [{ scope: { kind: 'node', nodes: ['node-3'] } }])
  t.match(
    findings[0]?.story,
    /^node-3 differs from 2 comparable nodes: host processes and pods get answer 10\.9\.9\.9 instead of answer 10\.96\.0\.1 from cluster DNS/,
  )
  rounds(world, 1, () => good())
  t.same(found(world), [])
})

t.test('a TTL that does not count down where the others do', async (t) => {
  const world = createWorld(names(3))
  const withTtl = (ttl: number) => ({ ...good(), ttl })
  let round = 0
  const frozen: Sees = (node, _, probe) =>
    probe > 0 ? good() : withTtl(node === 'node-3' || round % 2 === 0 ? 30 : 15)
  for (; round < 9; round++) rounds(world, 1, frozen)
  const findings = found(world)
  t.match(findings, [{ scope: { kind: 'node', nodes: ['node-3'] } }])
  t.match(
    findings[0]?.story,
    /^node-3 differs from 2 comparable nodes: host processes and pods get answer 10\.96\.0\.1 with a TTL that does not count down instead of answer 10\.96\.0\.1 from node-local DNS 169\.254\.20\.10/,
  )
  for (; round < 13; round++) rounds(world, 1, frozen)
  t.equal(found(world)[0]?.id, findings[0]?.id)
  rounds(world, 1, (_, __, probe) => (probe > 0 ? good() : withTtl(15)))
  t.same(found(world), [], 'it counts down again')
  const alike = createWorld(names(3))
  rounds(alike, 12, (_, __, probe) => (probe > 0 ? good() : withTtl(30)))
  t.same(found(alike), [], 'where no node has a cache that counts down, none differs')
})

t.test('another serial of a zone than most', async (t) => {
  const soa = (serial: number) => good([`ns.dns.cluster.local. hostmaster.cluster.local. ${serial} 7200 1800 86400 30`])
  const serials = (other: number, ...nodes: string[]): Sees => {
    return (node, _, probe) => (probe < 4 ? good() : soa(nodes.includes(node) ? other : 1_799_999_000))
  }
  const told = found(worldWith(3, serials(1_799_000_000, 'node-2')))
  t.match(told, [
    { scope: { nodes: ['node-2'] }, story: / get answer ns\.dns.* 1799000000 .* instead of answer ns\.dns/ },
  ])
  t.same(found(worldWith(3, serials(1_799_999_040, 'node-2'))), [], 'a change in between')
})

t.test('two nodes with different answers: they differ, never a guess', async (t) => {
  const world = createWorld(names(2), undefined, ['pod'])
  rounds(world, 6, (node, _, probe) => (node === 'node-2' && probe === 2 ? good(['10.9.9.9']) : good()))
  const findings = found(world)
  t.match(findings, [{ confidence: 'possible', scope: { kind: 'group', nodes: ['node-1', 'node-2'] } }])
  t.match(
    findings[0]?.story,
    /^node-1 and node-2 differ from each other: .* node-1 gets answer 10\.96\.0\.1 and node-2 gets answer 10\.9\.9\.9 .*which is right cannot be told/,
  )
})

t.test('that no pod may ask an upstream which the hosts reach is by design', async (t) => {
  const plan = planOf([
    { role: 'upstream', address: '192.0.2.1', question: 'external' },
    { role: 'cluster-dns', address: clusterDns },
  ])
  const cut = (vantages: readonly Vantage[]): Sees => {
    return (_, vantage, probe) => (probe === 0 && vantages.includes(vantage) ? timeout : good())
  }
  t.same(found(worldWith(3, cut(['pod']), plan)), [])
  t.match(found(worldWith(3, cut(['host', 'pod']), plan)), [
    { fault: 'upstream-resolver-failing', scope: { kind: 'cluster' } },
  ])
})

t.test('trap 14: absence counts: what a silent node knew of a target does not keep its finding open', async (t) => {
  const world = worldWith(3, (_, __, probe) => (probe === 4 ? timeout : good()))
  t.equal(found(world).length, 1)
  rounds(world, 6, (node) => (node === 'node-1' ? null : good()))
  t.match(found(world), [{ fault: 'node-not-observed' }])
})

t.test('critical where pods of most nodes get no cluster name from the server that they use', async (t) => {
  const unread: FaultSees = (_, { vantage, role, question }) =>
    vantage === 'pod' && role === 'node-local' && question === 'kubernetes' ? 'FORMERR' : null
  t.match(named(worldOf(unread), 12), [{ severity: 'critical', scope: { kind: 'cluster' } }])
  const onOne: FaultSees = (node, probe, round) => (node === 'node-2' ? unread(node, probe, round) : null)
  t.match(named(worldOf(onOne), 12), [{ severity: 'warning' }])
  const unused: FaultSees = (_, { vantage, role, question }) =>
    vantage === 'pod' && role === 'cluster-dns' && question === 'kubernetes' ? 'FORMERR' : null
  t.match(named(worldOf(unused), 12), [{ severity: 'warning' }])
})

t.test('a sentence stays short, however much fails', async (t) => {
  const all: FaultSees = (_, { question, address }) =>
    question === 'kubernetes'
      ? address.endsWith('1')
        ? 'FORMERR'
        : 'NXDOMAIN'
      : question === 'version'
        ? 'FORMERR'
        : null
  const [finding] = named(worldOf(all), 12)
  t.match(finding, { fault: 'unexplained-difference', story: / more; no known fault explains it\.$/ })
  t.ok((finding?.story.length ?? Infinity) < 420)
})
