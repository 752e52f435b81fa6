import t from 'tap'
import { faultsOf, followedByOther, isFound, namesOf } from './fault-names.ts'
import { planWithout } from './fault-plan.ts'
import { faultWorld, named, type ProbeOf, type Sees, worldOf } from './fault-world.ts'

const name = 'tcp-53-blocked'
const isDns = ({ role }: ProbeOf) => role !== 'api-server'
const isBeyondNode = (probe: ProbeOf) => isDns(probe) && probe.role !== 'node-local' && probe.question !== 'reach'
const isClusterName = ({ question }: ProbeOf) => ['kubernetes', 'version', 'missing'].includes(question)

/** A firewall on these nodes drops TCP to port 53: node-local DNS, which asks CoreDNS so, answers SERVFAIL. */
const noTcp =
  (...odd: string[]): Sees =>
  (node, probe) => {
    if (!odd.includes(node)) return null
    if (probe.transport === 'tcp' && isBeyondNode(probe)) return 'timeout'
    return probe.role === 'node-local' && isClusterName(probe) ? 'SERVFAIL' : null
  }
const toEndpoint =
  (address: string, ...except: string[]): Sees =>
  (node, probe) =>
    probe.address === address && probe.transport === 'tcp' && probe.question !== 'reach' && !except.includes(node)
      ? 'refused'
      : null

t.test('a node whose TCP to port 53 is dropped: node-local DNS resolves no cluster name', async (t) => {
  const [finding, ...others] = named(worldOf(noTcp('node-2')))
  t.same(others, [])
  t.match(finding, {
    fault: name,
    severity: 'critical',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story:
      'From node-2 DNS over TCP fails while UDP works: node-local DNS, which asks over TCP, resolves no cluster name.',
  })
  t.match(finding?.confirm, [
    /oddnode check/,
    /^on node-2: dig \+tcp \+time=2 \+tries=1 @10\.96\.0\.10 kubernetes\.default\.svc\.cluster\.local\.$/,
    /^in a pod on node-2: dig \+tcp/,
  ])
})

t.test('without node-local DNS it is a warning: large answers fail', async (t) => {
  t.match(named(worldOf(noTcp('node-2'), { plan: planWithout('node-local') })), [
    { fault: name, severity: 'warning', story: 'From node-2 DNS over TCP fails while UDP works: large answers fail.' },
  ])
})

t.test('from pods only, by a policy', async (t) => {
  const pods: Sees = (node, probe) =>
    node === 'node-2' && probe.vantage === 'pod' && probe.transport === 'tcp' && isBeyondNode(probe) ? 'timeout' : null
  t.match(named(worldOf(pods)), [
    {
      fault: name,
      severity: 'warning',
      story: 'From pods on node-2 DNS over TCP fails while UDP works: large answers fail.',
    },
  ])
  const all: Sees = (node, probe) =>
    node === 'node-2' &&
    probe.vantage === 'pod' &&
    probe.transport === 'tcp' &&
    isDns(probe) &&
    probe.question !== 'reach'
      ? 'timeout'
      : null
  t.same(namesOf(all), [name], 'node-local DNS among them')
})

t.test('only the TCP port of the Service, on one node', async (t) => {
  const sees: Sees = (node, { role, transport }) =>
    node === 'node-2' && role === 'cluster-dns' && transport === 'tcp' ? 'refused' : null
  t.match(named(worldOf(sees)), [
    { fault: name, story: 'From node-2 DNS over TCP to 10.96.0.10 fails while UDP works: large answers fail.' },
  ])
})

t.test('a CoreDNS pod that nobody reaches over TCP', async (t) => {
  const [finding, ...others] = named(worldOf(toEndpoint('10.244.3.2')))
  t.same(others, [])
  t.match(finding, {
    fault: name,
    severity: 'warning',
    confidence: 'certain',
    scope: { kind: 'endpoint', subject: { role: 'endpoint', address: '10.244.3.2', pod: 'coredns-2', node: 'node-3' } },
    story: 'To 10.244.3.2 DNS over TCP fails while UDP works: large answers fail.',
  })
})

t.test('a node whose CoreDNS pod is lost over TCP for all, too: one finding', async (t) => {
  const sees: Sees = (node, probe, round) =>
    toEndpoint('10.244.1.2')(node, probe, round) ?? noTcp('node-1')(node, probe, round)
  t.match(named(worldOf(sees)), [{ fault: name, scope: { kind: 'node', nodes: ['node-1'] }, covers: [/./] }])
  t.same(namesOf(sees), [name])
})

t.test('the Service without its TCP port: all nodes', async (t) => {
  const sees: Sees = (_, probe) =>
    probe.transport === 'tcp' && (probe.role === 'cluster-dns' || probe.role === 'cluster-dns-upstream')
      ? 'refused'
      : probe.role === 'node-local' && isClusterName(probe)
        ? 'SERVFAIL'
        : null
  const found = named(worldOf(sees))
  t.equal(found.length, 1)
  t.match(found, [
    {
      fault: name,
      severity: 'critical',
      scope: { kind: 'cluster' },
      story: /^To 10\.96\.0\.10 and 10\.96\.0\.11 DNS over TCP fails/,
    },
  ])
})

t.test('everywhere from everybody', async (t) => {
  const found = named(worldOf(noTcp('node-1', 'node-2', 'node-3')))
  t.equal(found.length, 1)
  t.match(found, [
    {
      fault: name,
      scope: { kind: 'cluster' },
      story: /^From every node DNS over TCP fails while UDP works: node-local/,
    },
  ])
})

t.test('on two of three nodes a group', async (t) => {
  t.match(named(worldOf(noTcp('node-1', 'node-2'))), [
    { fault: name, scope: { kind: 'group', nodes: ['node-1', 'node-2'] } },
  ])
})

t.test('it ends', async (t) => {
  const world = faultWorld()
  t.same(faultsOf(world.run(8, noTcp('node-2'))), [name])
  t.same(
    world.run(3, () => null),
    [],
  )
  t.same(faultsOf(world.run(8, toEndpoint('10.244.3.2'))), [name])
  t.same(
    world.run(3, () => null),
    [],
  )
})

t.test('not where UDP fails as well', async (t) => {
  const both: Sees = (node, probe) => (node === 'node-2' && isBeyondNode(probe) ? 'timeout' : null)
  t.notOk(namesOf(both).includes(name))
})

t.test('not where SERVFAIL comes over TCP', async (t) => {
  const sees: Sees = (node, probe) =>
    node === 'node-2' && probe.transport === 'tcp' && isBeyondNode(probe) ? 'SERVFAIL' : null
  t.notOk(namesOf(sees).includes(name))
})

t.test('not where pods only lose node-local DNS over TCP', async (t) => {
  const sees: Sees = (node, { vantage, role, transport }) =>
    node === 'node-2' && vantage === 'pod' && role === 'node-local' && transport === 'tcp' ? 'timeout' : null
  t.same(namesOf(sees), ['pods-cannot-reach-node-local-dns'])
})

t.test('one node alone: possible', async (t) => {
  t.match(named(worldOf(noTcp('node-1'), { nodes: ['node-1'] })), [{ fault: name, confidence: 'possible' }])
})

t.test('not before it is sure', async (t) => {
  const one: Sees = (node, probe, round) =>
    node === 'node-2' && probe.vantage === 'host' ? toEndpoint('10.244.3.2')(node, probe, round) : null
  t.ok(isFound(name, one))
  t.notOk(isFound(name, one, {}, 4))
  const nodes = Array.from({ length: 6 }, (_, i) => `node-${i + 1}`)
  const lastLater: Sees = (node, probe, round) =>
    node === 'node-6' && round < 7 ? null : toEndpoint('10.244.3.2')(node, probe, round)
  t.notOk(isFound(name, lastLater, { nodes }, 3))
})

t.test('not while the other transport begins to fail as well', async (t) => {
  t.notOk(isFound(name, followedByOther(noTcp('node-2'), 'tcp')))
  t.notOk(isFound(name, followedByOther(toEndpoint('10.244.3.2'), 'tcp')))
})

t.test('not where pods of all nodes only lose node-local DNS', async (t) => {
  const sees: Sees = (_, { vantage, role, transport }) =>
    vantage === 'pod' && role === 'node-local' && transport === 'tcp' ? 'timeout' : null
  t.notOk(isFound(name, sees))
})

const seven = Array.from({ length: 7 }, (_, i) => `node-${i + 1}`)

t.test('from six of seven nodes: the seventh is not accused', async (t) => {
  const odd = seven.slice(1)
  t.match(named(worldOf(noTcp(...odd), { nodes: seven })), [
    { fault: name, scope: { kind: 'group', nodes: odd }, title: /^From node-2, node-3, node-4, node-5 and 2 more DNS/ },
  ])
})
