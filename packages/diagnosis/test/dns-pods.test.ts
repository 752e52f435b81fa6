import t from 'tap'
import { dnsPods } from '../src/dns-pods.ts'
import { clusterNode, clusterOf } from './world.ts'

const of = (dns: Parameters<typeof clusterOf>[1]) => dnsPods({ cluster: clusterOf([clusterNode('node-1')], dns) })

t.test('as the Service selects them', async (t) => {
  t.strictSame(
    of({ service: 'openshift-dns/dns-default', podSelector: 'dns.operator.openshift.io/daemonset-dns=default' }),
    { namespace: 'openshift-dns', selector: 'dns.operator.openshift.io/daemonset-dns=default' },
  )
  t.match(of({ podSelector: 'app.kubernetes.io/name=rke2-coredns,k8s-app=kube-dns' }), {
    selector: 'app.kubernetes.io/name=rke2-coredns,k8s-app=kube-dns',
  })
})

t.test('as most have them, where no Service tells', async (t) => {
  const usual = { namespace: 'kube-system', selector: 'k8s-app=kube-dns' }
  t.strictSame(of({}), usual)
  t.strictSame(of({ service: null }), usual)
  t.strictSame(dnsPods({ cluster: null }), usual)
})

t.test('what a cluster file says is no command', async (t) => {
  t.strictSame(of({ service: '$(id)/dns', podSelector: 'a=b;id' }), { namespace: "'$(id)'", selector: "'a=b;id'" })
})
