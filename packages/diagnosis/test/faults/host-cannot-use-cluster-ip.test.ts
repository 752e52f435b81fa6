import { observationOf } from '@oddnode/protocol'
import t from 'tap'
import { faultsOf, isFound, namesOf } from './fault-names.ts'
import { planWithout } from './fault-plan.ts'
import {
  faultWorld,
  named,
  nodeLocalFacts,
  type ProbeOf,
  type Sees,
  type Setting,
  type Wrong,
  worldOf,
} from './fault-world.ts'

const name = 'host-cannot-use-cluster-ip'
const isService = ({ role }: ProbeOf) => role === 'cluster-dns' || role === 'cluster-dns-upstream'
const isClusterName = ({ question }: ProbeOf) => ['kubernetes', 'version', 'missing'].includes(question)

/** What the host of these nodes sends to a CoreDNS pod of another node by a ClusterIP is lost; on node-2 all of them are. */
const lost =
  (got: Wrong, ...odd: string[]): Sees =>
  (node, probe) => {
    if (!odd.includes(node)) return null
    if (isService(probe) && probe.vantage === 'host') return got
    return probe.role === 'node-local' && isClusterName(probe) ? 'SERVFAIL' : null
  }

t.test('host processes of a node, node-local DNS among them, are cut off from the ClusterIPs', async (t) => {
  const [finding, ...others] = named(worldOf(lost('timeout', 'node-2')))
  t.same(others, [])
  t.match(finding, {
    fault: name,
    severity: 'critical',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story:
      "On node-2 host processes, node-local DNS among them, get no answer through 10.96.0.10 and 10.96.0.11 from other nodes' CoreDNS pods; pods do.",
  })
  t.match(finding?.confirm[1], /@10\.96\.0\.10 .*; dig \+time=2 \+tries=1 @10\.244\.1\.2 /)
})

t.test('without node-local DNS it is a warning', async (t) => {
  t.match(named(worldOf(lost('timeout', 'node-2'), { plan: planWithout('node-local') })), [
    { fault: name, severity: 'warning', story: /^On node-2 host processes get no answer through/ },
  ])
})

t.test('what is sent again after a second comes late, but comes', async (t) => {
  const slow = observationOf('answered', { rcode: 0, seconds: 1.4, answers: ['10.96.0.1'] })
  const late = observationOf('late', { rcode: 0, seconds: 3.1, answers: ['10.96.0.1'] })
  const sees: Sees = (node, probe, round) =>
    node === 'node-2' &&
    isService(probe) &&
    probe.vantage === 'host' &&
    isClusterName(probe) &&
    probe.question !== 'missing'
      ? round % 3 !== 0
        ? late
        : slow
      : null
  t.match(named(worldOf(sees)), [
    { fault: name, confidence: 'possible', story: /get late answers through 10\.96\.0\.10/ },
  ])
})

t.test('where one of two CoreDNS pods is on the node, half is lost', async (t) => {
  const sees: Sees = (node, probe, round) => {
    if (node !== 'node-3' || !isService(probe) || probe.vantage !== 'host') return null
    return round % 5 < 3 && round % 2 === probe.question.length % 2 ? 'timeout' : round % 5 < 2 ? 'timeout' : null
  }
  t.ok(namesOf(sees).includes(name))
  t.notOk(namesOf(lost('timeout', 'node-3')).includes(name), 'all of it has another cause')
})

t.test('a group, and it ends', async (t) => {
  const nodes = ['node-1', 'node-2', 'node-3', 'node-4']
  const world = faultWorld({ nodes })
  t.match(world.run(8, lost('timeout', 'node-2', 'node-4')), [
    { fault: name, scope: { kind: 'group', nodes: ['node-2', 'node-4'] } },
  ])
  t.same(
    world.run(3, () => null),
    [],
  )
})

t.test('not where pods get no answer either', async (t) => {
  const sees: Sees = (node, probe) => (node === 'node-2' && isService(probe) ? 'timeout' : null)
  t.same(namesOf(sees), ['service-rules-broken-on-node'])
})

t.test('not where the host is told at once that there is no route', async (t) => {
  t.same(namesOf(lost('unreachable', 'node-2')), ['host-has-no-route-to-cluster-ip'])
})

t.test('not where the host reaches the CoreDNS pods no better', async (t) => {
  const all: Sees = (node, probe, round) =>
    node === 'node-2' && probe.role === 'endpoint' && probe.vantage === 'host'
      ? 'timeout'
      : lost('timeout', 'node-2')(node, probe, round)
  t.notOk(namesOf(all).includes(name))
  const one: Sees = (node, probe, round) =>
    node === 'node-2' && probe.address === '10.244.1.2' && probe.vantage === 'host'
      ? 'timeout'
      : lost('timeout', 'node-2')(node, probe, round)
  t.notOk(namesOf(one).includes(name))
})

t.test('not where the ClusterIP is node-local DNS itself', async (t) => {
  const facts: Setting['facts'] = (...who) => ({
    ...nodeLocalFacts(...who),
    localAddresses: ['169.254.20.10', '10.96.0.10'],
  })
  const sees: Sees = (node, { role, vantage }) =>
    node === 'node-2' && role === 'cluster-dns' && vantage === 'host' ? 'timeout' : null
  t.notOk(namesOf(sees, { facts }).includes(name))
})

t.test('where the CoreDNS pods run is not known: possible', async (t) => {
  const found = named(worldOf(lost('timeout', 'node-2'), { cluster: null }))
  t.same(faultsOf(found), [name])
  t.match(found, [{ confidence: 'possible' }])
})

t.test('not where one question of the host fails only', async (t) => {
  const one: Sees = (node, { vantage, role, question, transport }) =>
    node === 'node-1' && vantage === 'host' && role === 'cluster-dns' && question === 'version' && transport === 'udp'
      ? 'timeout'
      : null
  t.notOk(isFound(name, one))
})

t.test('not where the host asks no CoreDNS pod', async (t) => {
  t.notOk(isFound(name, lost('timeout', 'node-2'), { plan: planWithout('endpoint') }))
})
