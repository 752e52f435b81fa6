import type { Cluster } from '@oddnode/protocol'
import t from 'tap'
import { namesOf } from './fault-names.ts'
import { planWithout } from './fault-plan.ts'
import { faultCluster, faultWorld, named, nodeLocalFacts, type Sees, type Setting, worldOf } from './fault-world.ts'

const name = 'leftover-notrack-rules'
const address = '10.96.0.10'
const untracked =
  (...odd: string[]): Sees =>
  (node, { role }) =>
    odd.includes(node) && role === 'cluster-dns' ? 'timeout' : null

function owning(...nodeLocalOwns: string[]): Cluster {
  const cluster = faultCluster()
  return { ...cluster, dns: { ...cluster.dns, nodeLocalOwns } }
}
const owned: Setting = { cluster: owning(address) }

t.test('node-local DNS is gone, and its rules keep the ClusterIP from being translated', async (t) => {
  const [finding, ...others] = named(worldOf(untracked('node-2'), owned))
  t.same(others, [])
  t.match(finding, {
    fault: name,
    severity: 'critical',
    confidence: 'likely',
    scope: { kind: 'node', nodes: ['node-2'] },
    story:
      'On node-2 rules that node-local DNS left behind keep queries to 10.96.0.10 from being translated: it leads nowhere there; broken rules of this one Service look the same.',
    confirm: [/oddnode check/, 'on node-2: iptables-save -t raw | grep -i nodelocal'],
  })
  t.same(
    namesOf((node, { role }) => (node === 'node-2' && role === 'cluster-dns' ? 'unreachable' : null), owned),
    [name],
  )
})

t.test('that it owns the address is seen on another node, too', async (t) => {
  const facts: Setting['facts'] = (...who) =>
    who[0] === 'node-2'
      ? nodeLocalFacts(...who)
      : { ...nodeLocalFacts(...who), localAddresses: ['169.254.20.10', address] }
  t.same(namesOf(untracked('node-2'), { facts }), [name])
  const ipvs: Setting['facts'] = (...who) => ({
    ...facts(...who),
    network: {
      defaultRouteIpv4: true,
      defaultRouteIpv6: null,
      globalIpv6: null,
      ipForward: null,
      bridgeNfCallIptables: null,
      ipNonlocalBind: null,
      ipvs: true,
    },
  })
  t.notOk(namesOf(untracked('node-2'), { facts: ipvs }).includes(name), 'but IPVS owns every ClusterIP')
})

t.test('on two nodes it is a group, and it ends', async (t) => {
  const world = faultWorld(owned)
  t.match(world.run(8, untracked('node-1', 'node-2')), [
    { fault: name, scope: { kind: 'group', nodes: ['node-1', 'node-2'] } },
  ])
  t.same(
    world.run(3, () => null),
    [],
  )
})

t.test('not where node-local DNS never owned it', async (t) => {
  t.same(namesOf(untracked('node-2')), ['service-rules-broken-on-node'])
  t.same(namesOf(untracked('node-2'), { cluster: owning('10.96.0.99') }), ['service-rules-broken-on-node'])
})

t.test('not where somebody refuses, or one vantage is answered', async (t) => {
  t.same(
    namesOf((node, { role }) => (node === 'node-2' && role === 'cluster-dns' ? 'refused' : null), owned),
    ['service-rules-broken-on-node'],
  )
  for (const vantage of ['host', 'pod']) {
    const sees: Sees = (node, probe, round) =>
      probe.vantage === vantage ? untracked('node-2')(node, probe, round) : null
    t.notOk(namesOf(sees, owned).includes(name), vantage)
  }
})

t.test('not where other ClusterIPs lead nowhere, too', async (t) => {
  for (const also of ['cluster-dns-upstream', 'api-server']) {
    const sees: Sees = (node, { role }) =>
      node === 'node-2' && (role === 'cluster-dns' || role === also) ? 'timeout' : null
    t.same(namesOf(sees, owned), ['service-rules-broken-on-node'], also)
  }
})

t.test('not where CoreDNS does not answer the node directly', async (t) => {
  const sees: Sees = (node, { role }) =>
    node === 'node-2' && (role === 'cluster-dns' || role === 'endpoint') ? 'timeout' : null
  t.notOk(namesOf(sees, owned).includes(name))
})

t.test('not where the address lives on the node: then nobody serves it', async (t) => {
  const facts: Setting['facts'] = (...who) => ({
    ...nodeLocalFacts(...who),
    localAddresses: ['169.254.20.10', address],
  })
  t.notOk(namesOf(untracked('node-2'), { ...owned, facts }).includes(name))
})

t.test('without the second ClusterIP it is not told, without that of the API server it is possible', async (t) => {
  t.notOk(namesOf(untracked('node-2'), { ...owned, plan: planWithout('cluster-dns-upstream') }).includes(name))
  t.match(named(worldOf(untracked('node-2'), { ...owned, plan: planWithout('api-server') })), [
    { fault: name, confidence: 'possible' },
  ])
})
