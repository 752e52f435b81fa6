import t from 'tap'
import { checkPlan, type Wishes } from '../../src/check/check-plan.ts'
import type { Surroundings } from '../../src/check/surroundings.ts'
import { clusterSearch, place, podPlace, resolvConf } from './places.ts'

const none: Wishes = { servers: [], name: null, ntp: [], deadlineSeconds: 2 }

function planned(surroundings: Surroundings, wishes: Partial<Wishes> = {}) {
  const plan = checkPlan({ ...none, ...wishes }, surroundings)
  if ('errors' in plan) throw new Error(plan.errors.join())
  return plan
}
/** Those that are asked something. */
function targetsOf(surroundings: Surroundings, wishes: Partial<Wishes> = {}): string[] {
  const { targets, probes } = planned(surroundings, wishes)
  return targets
    .filter((_, target) => probes.some((probe) => probe.target === target))
    .map(({ role, address, port }) => `${role} ${address} ${port}`)
}

t.test('a host asks all nameservers that count, and nobody else', async (t) => {
  const nameservers = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4']
  t.strictSame(targetsOf(place({ resolvConf: resolvConf({ nameservers }) })), [
    'resolv-conf 192.0.2.1 53',
    'resolv-conf 192.0.2.2 53',
    'resolv-conf 192.0.2.3 53',
  ])
})

t.test('a pod asks for names of the cluster, and the API server as a control that is no DNS', async (t) => {
  t.strictSame(targetsOf(podPlace()), ['resolv-conf 10.96.0.10 53', 'api-server 10.96.0.1 443'])
  const { names, probes } = planned(podPlace())
  t.match(names, { clusterDomain: 'cluster.local', namespace: 'shop' })
  t.ok(probes.some(({ question, transport }) => question === 'kubernetes' && transport === 'tcp'))
  t.ok(probes.some(({ question }) => question === 'connect'))
})

t.test('a pod in kube-system sees both Services of cluster DNS', async (t) => {
  const { environment } = podPlace()
  const seen = { KUBE_DNS_SERVICE_HOST: '10.96.0.10', KUBE_DNS_UPSTREAM_SERVICE_HOST: '10.96.0.11' }
  const here = podPlace({
    resolvConf: resolvConf({ nameservers: ['169.254.20.10'], search: clusterSearch }),
    environment: { ...environment, ...seen },
  })
  t.strictSame(targetsOf(here), [
    'cluster-dns 10.96.0.10 53',
    'node-local 169.254.20.10 53',
    'cluster-dns-upstream 10.96.0.11 53',
    'api-server 10.96.0.1 443',
  ])
})

t.test("a node knows its cluster by kubelet's file", async (t) => {
  const kubelet = { clusterDns: ['169.254.20.10', '10.96.0.10'], clusterDomain: 'k8s.example', resolvConf: null }
  const here = place({ kubelet, resolvConf: resolvConf({ nameservers: ['192.0.2.1'] }) })
  t.strictSame(targetsOf(here), [
    'resolv-conf 192.0.2.1 53',
    'node-local 169.254.20.10 53',
    'cluster-dns 10.96.0.10 53',
  ])
  t.equal(planned(here).names.clusterDomain, 'k8s.example')
})

t.test('what is wished for is asked besides, and once', async (t) => {
  const wishes = { servers: ['10.96.0.10', '[2001:db8::53]:5353'], name: 'www.example.com.', ntp: ['192.0.2.123'] }
  const plan = planned(place(), { ...wishes, deadlineSeconds: 0.4 })
  t.strictSame(
    plan.targets.map(({ address, port, learnedFrom }) => [address, port, learnedFrom]),
    [
      ['10.96.0.10', 53, 'resolv.conf'],
      ['2001:db8::53', 5353, 'configuration'],
      ['192.0.2.53', 53, 'configuration'],
    ],
  )
  t.equal(plan.names.external, 'www.example.com')
  t.match(plan.ntp, [{ address: '192.0.2.123', port: 123 }])
  t.match(plan, { deadlineSeconds: 0.4, closeSeconds: 1, suspicionSeconds: 1 })
})

t.test('a name that DNS cannot carry is told', async (t) => {
  t.match(checkPlan({ ...none, name: 'a..b' }, place()), { errors: [/names\.external is "a\.\.b"/] })
})

t.test('an environment that is no address names nobody', async (t) => {
  t.strictSame(targetsOf(podPlace({ environment: { KUBERNETES_SERVICE_HOST: 'kubernetes.default' } })), [
    'resolv-conf 10.96.0.10 53',
  ])
})
