import t from 'tap'
import { faultsOf, followedByOther, isFound, namesOf, oneByOne } from './fault-names.ts'
import { planWithout } from './fault-plan.ts'
import { faultWorld, named, type ProbeOf, type Sees, worldOf } from './fault-world.ts'
import { lossyNode } from './random-loss.ts'
import { inTime } from './timed-world.ts'

const name = 'udp-53-blocked'
const isBeyondNode = ({ role }: ProbeOf) => role !== 'node-local'

/** Trap 5: what is dropped on its way out is denied to the host, and a timeout for pods. Names outside the cluster go by UDP. */
const noUdp =
  (...odd: string[]): Sees =>
  (node, probe) => {
    if (!odd.includes(node)) return null
    if (probe.transport === 'udp' && isBeyondNode(probe)) return probe.vantage === 'host' ? 'denied' : 'timeout'
    return probe.role === 'node-local' && probe.question === 'external' ? 'SERVFAIL' : null
  }
const toEndpoint =
  (address: string): Sees =>
  (_, probe) =>
    probe.address === address && probe.transport === 'udp' ? 'timeout' : null

t.test('a node whose UDP to port 53 is dropped, hidden by node-local DNS', async (t) => {
  const [finding, ...others] = named(worldOf(noUdp('node-2')))
  t.same(others, [])
  t.match(finding, {
    fault: name,
    severity: 'critical',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story: 'From node-2 DNS over UDP fails while TCP works; node-local DNS hides it for cluster names.',
  })
  t.match(finding?.confirm[1], /^on node-2: dig \+notcp/)
})

t.test('both fail, and TCP is well again first: only when that lasts is it UDP that is cut off', async (t) => {
  const world = faultWorld()
  const pods: Sees = (node, { role, vantage }) =>
    node === 'node-2' && vantage === 'pod' && role === 'cluster-dns-upstream' ? 'timeout' : null
  const udpOnly: Sees = (node, probe, round) => (probe.transport === 'udp' ? pods(node, probe, round) : null)
  world.run(6, pods)
  for (let round = 0; round < 4; round++) t.notOk(faultsOf(world.run(1, udpOnly)).includes(name), `round ${round}`)
  t.ok(faultsOf(world.run(8, udpOnly)).includes(name))
})

t.test('without node-local DNS nothing hides it', async (t) => {
  t.match(named(worldOf(noUdp('node-2'), { plan: planWithout('node-local') })), [
    { fault: name, story: 'From node-2 DNS over UDP fails while TCP works.' },
  ])
})

t.test('from pods only', async (t) => {
  const pods: Sees = (node, probe) =>
    node === 'node-2' && probe.vantage === 'pod' && probe.transport === 'udp' && isBeyondNode(probe) ? 'refused' : null
  t.match(named(worldOf(pods)), [{ fault: name, story: /^From pods on node-2 DNS over UDP fails while TCP works/ }])
})

t.test('a CoreDNS pod that nobody reaches over UDP', async (t) => {
  const found = named(worldOf(toEndpoint('10.244.3.2')))
  t.equal(found.length, 1)
  t.match(found, [
    {
      fault: name,
      scope: { kind: 'endpoint', subject: { address: '10.244.3.2', node: 'node-3' } },
      story: 'To 10.244.3.2 DNS over UDP fails while TCP works.',
    },
  ])
})

t.test('a node with a CoreDNS pod: one finding about the node', async (t) => {
  const sees: Sees = (node, probe, round) =>
    toEndpoint('10.244.3.2')(node, probe, round) ?? noUdp('node-3')(node, probe, round)
  t.match(named(worldOf(sees)), [{ fault: name, scope: { kind: 'node', nodes: ['node-3'] } }])
  t.same(namesOf(sees), [name])
})

t.test('on two nodes a group, on all the cluster', async (t) => {
  t.match(named(worldOf(noUdp('node-1', 'node-2'))), [{ fault: name, scope: { kind: 'group' } }])
  const found = named(worldOf(noUdp('node-1', 'node-2', 'node-3')))
  t.equal(found.length, 1)
  t.match(found, [
    { fault: name, scope: { kind: 'cluster' }, story: /^From every node DNS over UDP fails while TCP works/ },
  ])
})

t.test('it ends, and for as long as it lasts it is the only one', async (t) => {
  const world = faultWorld()
  t.same(faultsOf(world.run(4, noUdp('node-2'))), [name])
  t.same(faultsOf(world.run(30, noUdp('node-2'))), [name])
  t.same(
    world.run(3, () => null),
    [],
  )
})

t.test('not where TCP fails as well', async (t) => {
  const both: Sees = (node, probe) =>
    node === 'node-2' && probe.role !== 'api-server' && isBeyondNode(probe) ? 'timeout' : null
  t.notOk(namesOf(both).includes(name))
})

t.test('not where small answers pass', async (t) => {
  const large: Sees = (node, { transport, question }) =>
    node === 'node-2' && transport === 'udp' && question === 'missing' ? 'timeout' : null
  t.notOk(namesOf(large).includes(name))
})

t.test('not where pods only lose node-local DNS over UDP', async (t) => {
  const sees: Sees = (node, { vantage, role, transport }) =>
    node === 'node-2' && vantage === 'pod' && role === 'node-local' && transport === 'udp' ? 'timeout' : null
  t.same(namesOf(sees), ['pods-cannot-reach-node-local-dns'])
})

t.test('not where the answers come from elsewhere', async (t) => {
  const sees: Sees = (node, probe) =>
    node === 'node-2' && probe.transport === 'udp' && isBeyondNode(probe) ? 'wrong-source' : null
  t.notOk(namesOf(sees).includes(name))
})

t.test('not before it is sure', async (t) => {
  t.notOk(isFound(name, oneByOne(noUdp('node-2')), {}, 3))
  const nodes = Array.from({ length: 6 }, (_, i) => `node-${i + 1}`)
  const lastLater: Sees = (node, probe, round) =>
    node === 'node-6' && round < 7 ? null : toEndpoint('10.244.3.2')(node, probe, round)
  t.notOk(isFound(name, lastLater, { nodes }, 3))
})

t.test('not while the other transport begins to fail as well', async (t) => {
  t.notOk(isFound(name, followedByOther(noUdp('node-2'), 'udp')))
  t.notOk(isFound(name, followedByOther(toEndpoint('10.244.3.2'), 'udp')))
})

t.test('not where pods of all nodes only lose node-local DNS', async (t) => {
  const sees: Sees = (_, { vantage, role, transport }) =>
    vantage === 'pod' && role === 'node-local' && transport === 'udp' ? 'timeout' : null
  t.notOk(isFound(name, sees))
})

t.test('one node alone: possible', async (t) => {
  t.match(named(worldOf(noUdp('node-1'), { nodes: ['node-1'] })), [{ fault: name, confidence: 'possible' }])
})

t.test('not where a node loses much of what it sends', async (t) => {
  for (const share of [0.4, 0.6]) {
    const seen = inTime(lossyNode(31, 'node-2', share), { begins: 90, ends: 360, seconds: 480 })
    t.same([...new Set(seen.flatMap(({ faults }) => faults))], ['dns-packets-lost-on-node'], `${share * 100} %`)
  }
})
