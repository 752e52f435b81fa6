import { type Cluster, type ClusterDns, makePlan, type Vantage } from '@oddnode/protocol'
import t from 'tap'
import { faultPlan, faultPlanInput } from './fault-plan.ts'
import { faultCluster, faultWorld, named, single, worldOf } from './fault-world.ts'

const healthy = () => null

/** What agents ask where no ClusterIP is known. */
const withoutClusterDns = (vantage: Vantage) => {
  const input = faultPlanInput(vantage)
  return makePlan({
    ...input,
    targets: input.targets.filter(({ role }) => role === 'node-local' || role === 'upstream'),
  })
}

const clusterWith = (dns: Partial<ClusterDns>, changes: Partial<Cluster> = {}): Cluster => {
  const cluster = faultCluster()
  return { ...cluster, dns: { ...cluster.dns, ...dns }, ...changes }
}
const nothing = { service: null, addresses: [], upstreamServiceAddresses: [], endpoints: null }

t.test('trap 22: no Service was found, and the report says so', async (t) => {
  const unknown = (id: string) => ({ id, passed: null, detail: '' })
  const checks = [unknown('dns-pods-running'), unknown('endpointslices-ready'), { id: 'x', passed: true, detail: '' }]
  t.match(single(named(worldOf(healthy, { plan: withoutClusterDns, cluster: clusterWith(nothing, { checks }) }))), {
    fault: 'cluster-dns-not-discovered',
    severity: 'warning',
    confidence: 'certain',
    scope: { kind: 'cluster' },
    story: 'No DNS Service was found, so 2 checks have no data.',
    confirm: ['kubectl get svc -A -o wide | grep -w 53'],
  })
  const one = clusterWith(nothing, { checks: [unknown('dns-pods-running')] })
  t.match(single(named(worldOf(healthy, { plan: withoutClusterDns, cluster: one }))), {
    story: 'No DNS Service was found, so 1 check has no data.',
  })
  t.match(single(named(worldOf(healthy, { plan: withoutClusterDns, cluster: clusterWith(nothing) }))), {
    story: 'No DNS Service was found, so the checks of cluster DNS and of its CoreDNS pods have no data.',
  })
})

t.test('it is not named', async (t) => {
  const seen = (cluster: Cluster | null, plan = withoutClusterDns) => named(worldOf(healthy, { plan, cluster }))
  t.same(seen(clusterWith(nothing), faultPlan), [], 'where somebody configured it')
  t.same(seen(clusterWith({ ...nothing, service: 'kube-system/kube-dns' })), [], 'where it was found without endpoints')
  t.same(seen(clusterWith({ ...nothing, addresses: ['10.96.0.10'] })), [], 'where its address is known')
  t.same(seen(clusterWith(nothing, { source: 'file' })), [], 'outside of Kubernetes')
  t.same(seen(null), [], 'without any picture of the cluster')
})

t.test('it ends when the Service is found', async (t) => {
  const world = faultWorld({ plan: withoutClusterDns, cluster: clusterWith(nothing) })
  t.equal(world.run(1, healthy).length, 1)
  world.setCluster(faultCluster())
  t.same(world.run(1, healthy), [])
})
