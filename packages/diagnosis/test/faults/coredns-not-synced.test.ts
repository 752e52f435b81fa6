import { type Cluster, observationOf } from '@oddnode/protocol'
import t from 'tap'
import { canaryPlan } from './fault-plan.ts'
import { faultCluster, faultWorld, named, type ProbeOf, type Sees, single, worldOf } from './fault-world.ts'

const servfailAfter = (seconds: number) => observationOf('answered', { rcode: 2, seconds })
const needsApi = ({ question }: ProbeOf) => !['version', 'soa', 'external', 'identity', 'reach'].includes(question)

/** These pods of CoreDNS know nothing of the cluster. */
const unsynced =
  (addresses: readonly string[], seconds = 0.001): Sees =>
  (_, probe) =>
    probe.role === 'endpoint' && addresses.includes(probe.address) && needsApi(probe) ? servfailAfter(seconds) : null

const both = ['10.244.1.2', '10.244.3.2']

t.test('one pod', async (t) => {
  t.match(single(named(worldOf(unsynced(['10.244.1.2'])))), {
    fault: 'coredns-not-synced',
    severity: 'warning',
    confidence: 'certain',
    scope: { kind: 'endpoint', subject: { role: 'endpoint', address: '10.244.1.2', pod: 'coredns-1', node: 'node-1' } },
    story:
      'CoreDNS pod 10.244.1.2 on node-1 answers SERVFAIL for cluster names: it has not read Services from the API (permission, or no way to the API server).',
    confirm: [
      /oddnode check/,
      'kubectl auth can-i list endpointslices.discovery.k8s.io --as=system:serviceaccount:kube-system:coredns',
      "kubectl -n kube-system logs -l k8s-app=kube-dns | grep -E 'Failed to (list|watch)|unsynced'",
      'in a pod on node-1: dig +time=2 +tries=1 @10.244.1.2 kubernetes.default.svc.cluster.local.',
    ],
  })
})

t.test('all pods, ready all the same: what passes their answers on is explained', async (t) => {
  const all: Sees = (_, probe) =>
    needsApi(probe) && ['endpoint', 'cluster-dns', 'cluster-dns-upstream', 'node-local'].includes(probe.role)
      ? servfailAfter(0.001)
      : null
  t.match(single(named(worldOf(all))), {
    fault: 'coredns-not-synced',
    severity: 'critical',
    scope: { kind: 'cluster' },
    story: /^CoreDNS answers SERVFAIL for cluster names: it has not read Services/,
  })
})

t.test('without EndpointSlices alone Services with a ClusterIP are known, and headless ones are not', async (t) => {
  const headless: Sees = (node, probe, round) =>
    probe.question === 'canary' ? unsynced(['10.244.1.2'])(node, probe, round) : null
  const name = 'oddnode-agents.oddnode.svc.cluster.local'
  const cluster = { ...faultCluster(), canary: { name, addresses: [], changedAt: 0 } }
  const story = (told: Cluster | null) => single(named(worldOf(headless, { plan: canaryPlan, cluster: told }), 12))
  t.match(story(cluster), {
    fault: 'coredns-not-synced',
    severity: 'warning',
    title: 'CoreDNS pod 10.244.1.2 on node-1 has not read EndpointSlices',
    story: /answers SERVFAIL for headless Services: it has not read EndpointSlices from the API/,
    confirm: [/can-i list endpointslices/, /logs/, `in a pod on node-1: dig +time=2 +tries=1 @10.244.1.2 ${name}.`],
  })
  t.match(story({ ...cluster, canary: null }).confirm[2], /HEADLESS-SERVICE\.$/)
})

t.test('pods that it keeps from becoming ready are no CoreDNS that is badly spread', async (t) => {
  const cluster = faultCluster()
  const endpoints = cluster.dns.endpoints?.map((one) => ({ ...one, ready: one.address !== '10.244.1.2' })) ?? []
  const seen = { ...cluster, dns: { ...cluster.dns, endpoints } }
  t.match(single(named(worldOf(unsynced(['10.244.1.2']), { cluster: seen }), 12)), {
    fault: 'coredns-not-synced',
    covers: [/./],
  })
})

t.test('which of the causes it is, where somebody looked', async (t) => {
  const checked = (passed: boolean): Cluster => ({
    ...faultCluster(),
    checks: [{ id: 'coredns-rbac', passed, detail: '' }],
  })
  const story = (passed: boolean) => single(named(worldOf(unsynced(both), { cluster: checked(passed) }))).story
  t.match(story(false), /\(permission\)\.$/)
  t.match(story(true), /\(no way to the API server\)\.$/)
})

t.test('without a name outside the cluster it is possible', async (t) => {
  const sees: Sees = (node, probe, round) =>
    probe.question === 'external' ? 'local-error' : unsynced(['10.244.1.2'])(node, probe, round)
  const world = faultWorld({})
  t.match(
    world.run(24, sees).find(({ fault }) => fault === 'coredns-not-synced'),
    { confidence: 'possible' },
  )
})

t.test('it is not named', async (t) => {
  const faultsOf = (sees: Sees) => named(worldOf(sees)).map(({ fault }) => fault)
  const name = 'coredns-not-synced'
  t.notOk(faultsOf(unsynced(both, 2.1)).includes(name), 'where SERVFAIL comes late')
  const nxdomain: Sees = (_, { role, question }) =>
    role === 'endpoint' && question === 'kubernetes' ? 'NXDOMAIN' : null
  t.notOk(faultsOf(nxdomain).includes(name), 'where it is NXDOMAIN')
  const everything: Sees = (_, { role, question }) =>
    role === 'endpoint' && question !== 'external' ? 'SERVFAIL' : null
  t.notOk(faultsOf(everything).includes(name), 'where what needs no API fails too')
  const external: Sees = (node, probe, round) =>
    probe.role === 'endpoint' && probe.question === 'external' ? 'timeout' : unsynced(both)(node, probe, round)
  t.notOk(faultsOf(external).includes(name), 'where names outside fail too')
  const late: Sees = (_, { role, question }) =>
    role === 'node-local' && question === 'kubernetes' ? servfailAfter(4) : null
  t.notOk(faultsOf(late).includes(name), 'where only node-local DNS answers so, as when TCP is blocked')
  const oneNode: Sees = (node, probe, round) => (node === 'node-2' ? unsynced(both)(node, probe, round) : null)
  t.notOk(faultsOf(oneNode).includes(name), 'where only one node is answered so')
})

t.test('it ends', async (t) => {
  const world = faultWorld()
  t.equal(world.run(8, unsynced(both)).length, 1)
  t.equal(world.run(2, () => null).length, 1)
  t.same(
    world.run(1, () => null),
    [],
  )
})
