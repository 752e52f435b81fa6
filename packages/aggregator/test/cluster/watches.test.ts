import t from 'tap'
import { watchOf } from '../../src/cluster/hidden.ts'
import { closeWatches, createWatches } from '../../src/cluster/watches.ts'
import { until } from '../kubernetes/api-server.ts'
import { connect } from '../kubernetes/connect.ts'
import { startRecordedCluster } from './recorded-cluster.ts'

t.test('asks for no more than it has rights to', async (t) => {
  const server = await startRecordedCluster(t)
  const watches = createWatches(connect(t, server.address), () => undefined)
  t.teardown(() => closeWatches(watches))
  watches.serviceOfNameserver.follow('10.96.0.12')
  watches.slices.follow('kube-system/kube-dns')
  watches.canarySlices.follow('oddnode/oddnode-agents')
  watches.largeSlices.follow('oddnode')
  watches.systemPods.follow('kube-system')
  watches.agentPods.follow('oddnode')
  watches.daemonSets.follow('kube-system')
  watches.corefile.follow('kube-system/coredns')
  watches.events.follow('oddnode')
  await until('all are listed', () => Object.values(watches).every((watch) => watchOf(watch)?.isListed()))
  const asked = server.asked
    .filter(({ query }) => query.has('limit'))
    .map(({ path, query }) => [path, query.get('labelSelector') ?? query.get('fieldSelector') ?? ''].join(' ').trim())
  t.strictSame(asked.sort(), [
    '/api/v1/namespaces/default/services metadata.name=kubernetes',
    '/api/v1/namespaces/kube-system/configmaps metadata.name=coredns',
    '/api/v1/namespaces/kube-system/pods k8s-app in (kube-dns,coredns,node-local-dns,nodelocaldns,kube-proxy,cilium,calico-node,canal,flannel,aws-node,azure-cns,kube-router)',
    '/api/v1/namespaces/oddnode/events type=Warning',
    '/api/v1/namespaces/oddnode/pods app.kubernetes.io/component in (agent-host,agent-pod)',
    '/api/v1/nodes',
    '/api/v1/services dns.operator.openshift.io/owning-dns',
    '/api/v1/services k8s-app in (kube-dns,coredns)',
    '/api/v1/services spec.clusterIP=10.96.0.12',
    '/apis/apps/v1/namespaces/kube-system/daemonsets',
    '/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices kubernetes.io/service-name=kube-dns',
    '/apis/discovery.k8s.io/v1/namespaces/oddnode/endpointslices app.kubernetes.io/component=large-answer',
    '/apis/discovery.k8s.io/v1/namespaces/oddnode/endpointslices kubernetes.io/service-name=oddnode-agents',
    '/apis/rbac.authorization.k8s.io/v1/clusterroles metadata.name=system:coredns',
  ])
  t.match([...(watches.corefile.current()?.items.values() ?? [])], [{ zones: ['cluster.local'] }])
  t.strictSame([...watches.corednsRights.items.values()], [[]])
})

t.test('OpenShift labels its pods its own way', async (t) => {
  const server = await startRecordedCluster(t)
  const watches = createWatches(connect(t, server.address), () => undefined)
  t.teardown(() => closeWatches(watches))
  watches.systemPods.follow('openshift-dns')
  await until('it is asked', () =>
    server.asked.some(({ query }) => query.get('labelSelector') === 'dns.operator.openshift.io/daemonset-dns'),
  )
})
