import type { Cluster, ClusterDns } from '@oddnode/protocol'
import t from 'tap'
import { faultCluster, faultWorld, named, type Sees, single, worldOf } from './fault-world.ts'

const clusterWith = (dns: Partial<ClusterDns>, changes: Partial<Cluster> = {}): Cluster => {
  const cluster = faultCluster()
  return { ...cluster, dns: { ...cluster.dns, ...dns }, ...changes }
}

const crashing = [
  {
    component: 'coredns',
    namespace: 'kube-system',
    pod: 'coredns-1',
    node: 'node-1',
    reason: 'CrashLoopBackOff',
    restarts: 7,
  },
] as const

/** The ClusterIPs are rejected by kube-proxy, the pods are gone, node-local DNS finds nobody to ask. */
const gone: Sees = (_, { role, question, vantage }) => {
  if (role === 'cluster-dns' || role === 'cluster-dns-upstream') return vantage === 'host' ? 'denied' : 'refused'
  if (role === 'endpoint') return 'timeout'
  return role === 'node-local' && question !== 'external' ? 'SERVFAIL' : null
}

t.test('no pod of CoreDNS is left', async (t) => {
  t.match(single(named(worldOf(gone, { cluster: clusterWith({ endpoints: [] }) }))), {
    fault: 'cluster-dns-has-no-endpoints',
    severity: 'critical',
    confidence: 'certain',
    scope: { kind: 'cluster', nodes: [], subject: { role: 'cluster-dns', address: '10.96.0.10' } },
    story:
      'No CoreDNS pod is ready (there is none): no node resolves cluster names, node-local caches run dry within 30 s.',
    confirm: [
      /oddnode check/,
      'kubectl -n kube-system get svc,endpointslice; kubectl -n kube-system get pod -l k8s-app=kube-dns -o wide',
      'kubectl -n kube-system logs -l k8s-app=kube-dns --previous --tail=20',
    ],
  })
})

t.test('its end hangs on what is asked in every round, not on what is asked once in minutes', async (t) => {
  const { evidence } = single(named(worldOf(gone, { cluster: clusterWith({ endpoints: [] }) })))
  t.same([...new Set(evidence.map(({ question }) => question))], ['kubernetes'])
})

t.test('why none is ready is told as far as somebody says', async (t) => {
  const notReady = faultCluster().dns.endpoints?.map((endpoint) => ({ ...endpoint, ready: false })) ?? []
  const story = (cluster: Cluster, sees: Sees = gone) => single(named(worldOf(sees, { cluster }))).story
  t.match(story(clusterWith({ endpoints: notReady }, { troubles: [...crashing] })), '(CrashLoopBackOff)')
  t.match(story(clusterWith({ service: null, endpoints: null })), '(its Service is missing)')
  t.match(story(clusterWith({ endpoints: notReady })), 'No CoreDNS pod is ready: no node')
  const terminating = notReady.map((endpoint) => ({ ...endpoint, ready: true, terminating: true }))
  t.match(story(clusterWith({ endpoints: terminating })), 'No CoreDNS pod is ready: no node')
})

t.test('pods that are not ready because they are not synced are the cause of this', async (t) => {
  const notReady = faultCluster().dns.endpoints?.map((endpoint) => ({ ...endpoint, ready: false })) ?? []
  const unsynced: Sees = (node, probe, round) => {
    if (probe.role !== 'endpoint') return gone(node, probe, round)
    return probe.question === 'kubernetes' || probe.question === 'missing' ? 'SERVFAIL' : null
  }
  const world = faultWorld({ cluster: clusterWith({ endpoints: notReady }) })
  const finding = single(world.run(8, unsynced))
  t.match(finding, {
    fault: 'cluster-dns-has-no-endpoints',
    story: /^No CoreDNS pod is ready \(they answer SERVFAIL, because they have not read Services from the API\): /,
  })
  const { findings } = world.world.fleet
  t.same(
    finding.covers.map((id) => findings.get(id)?.fault),
    ['coredns-not-synced'],
  )
})

t.test('a ClusterIP that node-local DNS owns answers for itself', async (t) => {
  const owned: Sees = (node, probe, round) =>
    probe.role === 'cluster-dns' ? (probe.question === 'external' ? null : 'SERVFAIL') : gone(node, probe, round)
  t.match(single(named(worldOf(owned, { cluster: clusterWith({ endpoints: [], nodeLocalOwns: ['10.96.0.10'] }) }))), {
    fault: 'cluster-dns-has-no-endpoints',
    scope: { kind: 'cluster', subject: { role: 'cluster-dns-upstream', address: '10.96.0.11' } },
  })
})

const faultsOf = (sees: Sees, cluster: Cluster | null) => named(worldOf(sees, { cluster })).map(({ fault }) => fault)

t.test('it is not named', async (t) => {
  const none = clusterWith({ endpoints: [] })
  const name = 'cluster-dns-has-no-endpoints'
  t.notOk(faultsOf(gone, faultCluster()).includes(name), 'while the API has endpoints')
  t.notOk(faultsOf(gone, clusterWith({ endpoints: null })).includes(name), 'where the API does not say')
  t.notOk(faultsOf(gone, null).includes(name), 'where there is no API')
  t.same(
    faultsOf(() => null, none),
    [],
    'while the ClusterIP answers, as in a roll-out',
  )
  const onOne: Sees = (node, probe, round) => (node === 'node-2' ? gone(node, probe, round) : null)
  t.notOk(faultsOf(onOne, none).includes(name), 'on one node of three')
  const answering: Sees = (_, { role }) =>
    role === 'cluster-dns' || role === 'cluster-dns-upstream' ? 'SERVFAIL' : null
  t.notOk(faultsOf(answering, none).includes(name), 'where somebody answers')
})

t.test('it ends when the ClusterIP answers again', async (t) => {
  const world = faultWorld({ cluster: clusterWith({ endpoints: [] }) })
  t.equal(world.run(8, gone).length, 1)
  world.setCluster(faultCluster())
  t.equal(world.run(2, () => null).length, 1)
  t.same(
    world.run(1, () => null),
    [],
  )
})
