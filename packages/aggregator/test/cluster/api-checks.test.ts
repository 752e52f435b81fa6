import t from 'tap'
import { type ApiSight, apiChecks } from '../../src/cluster/api-checks.ts'
import { dnsEndpoint } from './cluster-of.ts'

const pod = (name: string, ready = true, reason: string | null = null) => ({
  component: 'coredns' as const,
  name,
  ready,
  reason,
})

const well: ApiSight = {
  service: {
    namespace: 'kube-system',
    name: 'kube-dns',
    addresses: ['10.96.0.10', 'fd00::a'],
    port: 53,
    selector: 'k8s-app=kube-dns',
    prefersNearEndpoints: false,
  },
  clusterDnsSet: [],
  sawServices: true,
  endpoints: [dnsEndpoint('10.244.1.2', { pod: 'coredns-a' }), dnsEndpoint('10.244.2.2')],
  pods: [pod('coredns-a'), pod('coredns-b'), { ...pod('node-local-dns-x', false), component: 'node-local-dns' }],
  corefile: { zones: ['cluster.local'], forwards: ['/etc/resolv.conf'] },
  configMap: 'coredns',
  missingRights: [],
}

const of = (id: string, changed: Partial<ApiSight> = {}) =>
  apiChecks({ ...well, ...changed }).find((check) => check.id === id)

t.test('all well', async (t) => {
  t.strictSame(apiChecks(well), [
    { id: 'dns-pods-running', passed: true, detail: '2 of 2 pods are ready.' },
    {
      id: 'dns-logs',
      passed: null,
      detail:
        'Oddnode does not ask for the right to read logs: kubectl logs --namespace=kube-system -l k8s-app=kube-dns',
    },
    { id: 'dns-service-exists', passed: true, detail: 'kube-system/kube-dns at 10.96.0.10 and fd00::a.' },
    { id: 'endpointslices-ready', passed: true, detail: '2 of 2 endpoints are ready.' },
    {
      id: 'corefile-readable',
      passed: true,
      detail: 'ConfigMap coredns serves cluster.local, and forwards other names to /etc/resolv.conf.',
    },
    {
      id: 'coredns-rbac',
      passed: true,
      detail: 'ClusterRole system:coredns may list and watch services, namespaces, pods and endpointslices.',
    },
  ])
})

t.test('pods', async (t) => {
  t.match(of('dns-pods-running', { pods: [pod('a'), pod('b', false, 'CrashLoopBackOff (Error)'), pod('c', false)] }), {
    passed: false,
    detail: '1 of 3 pods are ready: b (CrashLoopBackOff (Error)), c (not ready).',
  })
  t.match(of('dns-pods-running', { pods: [] }), { passed: false, detail: 'There is no pod labelled as cluster DNS.' })
  t.match(of('dns-pods-running', { pods: null }), { passed: null })
})

t.test('Service and endpoints', async (t) => {
  t.match(of('dns-service-exists', { service: null }), { passed: false, detail: /^No Service is labelled/ })
  t.match(of('dns-service-exists', { service: null, sawServices: false }), { passed: null })
  t.match(of('endpointslices-ready', { service: null }), { passed: null, detail: /no Service/ })
  t.match(of('endpointslices-ready', { endpoints: null }), { passed: null, detail: /could not be read/ })
  t.match(of('endpointslices-ready', { endpoints: [] }), { passed: false, detail: '0 of 0 endpoints are ready.' })
  const going = dnsEndpoint('10.244.3.2', { ready: false, terminating: true })
  t.match(of('endpointslices-ready', { endpoints: [dnsEndpoint('10.244.1.2'), going] }), {
    passed: true,
    detail: '1 of 1 endpoints are ready.',
  })
  const unready = dnsEndpoint('10.244.3.2', { ready: false, pod: 'coredns-c' })
  t.match(of('endpointslices-ready', { endpoints: [dnsEndpoint('10.244.1.2'), unready] }), {
    passed: false,
    detail: '1 of 2 endpoints are ready, coredns-c not.',
  })
})

t.test('ClusterIPs that the operator set', async (t) => {
  const set = { clusterDnsSet: ['10.9.9.9'] }
  t.match(of('dns-service-exists', set), {
    passed: true,
    detail: 'kube-system/kube-dns at 10.96.0.10 and fd00::a. Asked is 10.9.9.9, set by targets.clusterDns.',
  })
  t.match(of('dns-service-exists', { ...set, service: null }), {
    passed: null,
    detail: 'No Service of cluster DNS was found. Asked is 10.9.9.9, set by targets.clusterDns.',
  })
})

t.test('logs of the pods that the Service selects', async (t) => {
  const selector = 'dns.operator.openshift.io/daemonset-dns=default'
  const service = well.service && { ...well.service, namespace: 'openshift-dns', selector }
  t.match(of('dns-logs', { service }), {
    detail: / kubectl logs --namespace=openshift-dns -l dns\.operator\.openshift\.io\/daemonset-dns=default$/,
  })
  t.match(of('dns-logs', { service: null }), { detail: /--namespace=kube-system -l k8s-app=kube-dns$/ })
})

t.test('Corefile and rights', async (t) => {
  t.match(of('corefile-readable', { corefile: null }), { passed: null, detail: 'ConfigMap coredns could not be read.' })
  t.match(of('corefile-readable', { corefile: { zones: [], forwards: [] } }), {
    passed: false,
    detail: 'ConfigMap coredns serves no zone of the cluster, and forwards other names to nowhere.',
  })
  t.match(of('coredns-rbac', { missingRights: ['list endpointslices', 'watch endpointslices'] }), {
    passed: false,
    detail: 'ClusterRole system:coredns lacks list endpointslices, watch endpointslices.',
  })
  t.match(of('coredns-rbac', { missingRights: null }), { passed: null })
})

t.test('no sentence is too long for a report', async (t) => {
  const zones = Array.from({ length: 99 }, (_, i) => `zone-${i}.example`)
  t.ok(apiChecks({ ...well, corefile: { zones, forwards: [] } }).every(({ detail }) => detail.length <= 512))
})
