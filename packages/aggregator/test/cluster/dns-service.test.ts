import t from 'tap'
import { dnsServiceOf, type KeptService, keepService, upstreamServiceOf } from '../../src/cluster/dns-service.ts'
import { recorded } from '../kubernetes/api-server.ts'

const service = (name: string, address: string, namespace = 'kube-system'): KeptService => ({
  namespace,
  name,
  addresses: [address],
  port: 53,
  selector: null,
  prefersNearEndpoints: false,
})

t.test('a Service as a real API has it', async (t) => {
  const kept = recorded('services').items.map(keepService)
  t.match(kept, [
    {
      namespace: 'kube-system',
      name: 'kube-dns',
      addresses: [/^198\.19\.128\.10$/],
      port: 53,
      selector: 'k8s-app=kube-dns',
      prefersNearEndpoints: false,
    },
    { name: 'kube-dns-upstream' },
  ])
  t.match(recorded('api-service').items.map(keepService), [{ name: 'kubernetes', port: 443 }])
})

t.test("CoreDNS's own chart: a Service of its metrics has the same label, and metrics may come first", async (t) => {
  const metrics = { ...service('coredns-metrics', '10.96.0.40'), port: 9153 }
  t.equal(dnsServiceOf([metrics, service('my-coredns', '10.96.0.10')], [])?.name, 'my-coredns')
  t.equal(dnsServiceOf([metrics], []), null)
  t.equal(dnsServiceOf([{ ...metrics, port: 5353 }], ['10.96.0.40'])?.name, 'coredns-metrics', 'it owns the nameserver')
  const ports = [{ port: 9153 }, { port: 53 }]
  t.equal(keepService({ metadata: { namespace: 'n', name: 's' }, spec: { ports } })?.port, 53)
})

t.test('headless, dual stack, and near endpoints', async (t) => {
  const of = (spec: object, annotations = {}) =>
    keepService({ metadata: { namespace: 'n', name: 's', annotations }, spec })
  t.strictSame(of({ clusterIP: 'None', clusterIPs: ['None'] })?.addresses, [])
  t.strictSame(of({ clusterIPs: ['10.96.0.10', 'fd00::a'] })?.addresses, ['10.96.0.10', 'fd00::a'])
  t.strictSame(of({ clusterIP: '10.96.0.10' })?.addresses, ['10.96.0.10'])
  t.equal(of({ trafficDistribution: 'PreferClose' })?.prefersNearEndpoints, true)
  t.equal(of({ internalTrafficPolicy: 'Local' })?.prefersNearEndpoints, true)
  t.equal(of({ internalTrafficPolicy: 'Cluster' })?.prefersNearEndpoints, false)
  t.equal(of({}, { 'service.kubernetes.io/topology-mode': 'Auto' })?.prefersNearEndpoints, true)
  t.equal(keepService({}), null)
})

t.test('the labels of its pods, whatever a distribution calls them', async (t) => {
  const of = (selector: Record<string, string>) =>
    keepService({ metadata: { namespace: 'n', name: 's' }, spec: { selector } })?.selector
  t.equal(
    of({ 'dns.operator.openshift.io/daemonset-dns': 'default' }),
    'dns.operator.openshift.io/daemonset-dns=default',
  )
  t.equal(
    of({ 'app.kubernetes.io/name': 'rke2-coredns', 'k8s-app': 'kube-dns' }),
    'app.kubernetes.io/name=rke2-coredns,k8s-app=kube-dns',
  )
  t.equal(of({}), null)
  t.equal(of(Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`label-${i}`, 'x'.repeat(63)]))), null)
})

t.test('cluster DNS is what pods ask, else what it is usually called', async (t) => {
  const kubeDns = service('kube-dns', '10.96.0.10')
  const upstream = service('kube-dns-upstream', '10.96.0.11')
  const custom = service('my-dns', '10.96.0.12')
  t.equal(dnsServiceOf([custom, upstream, kubeDns], []), kubeDns)
  t.equal(dnsServiceOf([kubeDns, upstream, custom], ['169.254.20.10', '10.96.0.12']), custom)
  t.equal(dnsServiceOf([upstream, custom], []), custom, 'labelled as cluster DNS all the same')
  t.equal(dnsServiceOf([upstream], []), null)
  t.equal(dnsServiceOf([{ ...kubeDns, addresses: [] }], []), null, 'a headless one is nobody’s nameserver')
  for (const name of ['coredns', 'rke2-coredns-rke2-coredns', 'dns-default'])
    t.equal(dnsServiceOf([custom, service(name, '10.96.0.9')], [])?.name, name)
})

t.test('the Service that node-local DNS asks', async (t) => {
  const dns = service('kube-dns', '10.96.0.10')
  const upstream = service('kube-dns-upstream', '10.96.0.11')
  t.equal(upstreamServiceOf([dns, upstream], 'kube-dns-upstream', dns), upstream)
  t.equal(upstreamServiceOf([dns, service('mine', '10.96.0.12')], 'mine', dns)?.name, 'mine')
  const coredns = service('coredns', '10.96.0.10')
  t.equal(upstreamServiceOf([coredns], 'coredns', coredns), null, 'kubespray’s asks the one that pods ask')
  t.equal(upstreamServiceOf([dns, service('kube-dns-upstream', '10.0.0.1', 'other')], 'kube-dns-upstream', dns), null)
})
