import t from 'tap'
import { nodeLocalHealthPort, pushUrls, targetsOf } from '../../src/plans/targets.ts'
import { clusterOf, dnsEndpoint } from '../cluster/cluster-of.ts'

const none = { nodeLocal: [], clusterDns: [], clusterDnsUpstream: [], upstream: [], ntp: [] }
const sources = {
  settings: none,
  cluster: clusterOf(),
  upstreams: ['192.0.2.53'],
  nameserver: null,
  endpoints: [],
  clusterIpRounds: 1,
  nodeLocalRounds: 1,
  intervalSeconds: 15,
}
const shown = (targets: ReturnType<typeof targetsOf>) =>
  targets.map(({ role, address, port, learnedFrom }) => `${role} ${address} ${port} ${learnedFrom}`)

t.test('what was discovered, and the agent’s own nameserver', async (t) => {
  const endpoints = [{ endpoint: dnsEndpoint('10.244.1.2'), everyRounds: 8 }]
  const targets = targetsOf({ ...sources, endpoints, clusterIpRounds: 4, nameserver: '10.96.0.12' })
  t.strictSame(shown(targets), [
    'node-local 169.254.20.10 53 configuration',
    'cluster-dns 10.96.0.10 53 configuration',
    'cluster-dns-upstream 10.96.0.11 53 configuration',
    'endpoint 10.244.1.2 53 configuration',
    'upstream 192.0.2.53 53 configuration',
    'api-server 10.96.0.1 443 configuration',
    'resolv-conf 10.96.0.12 53 resolv.conf',
  ])
  t.strictSame(
    targets.map(({ leastSeconds }) => leastSeconds),
    [0, 60, 60, 120, undefined, undefined, undefined],
  )
})

t.test('a pod of DNS is asked where it listens', async (t) => {
  const endpoints = [{ endpoint: dnsEndpoint('10.128.0.9', { port: 5353 }), everyRounds: 1 }]
  t.ok(shown(targetsOf({ ...sources, endpoints })).includes('endpoint 10.128.0.9 5353 configuration'))
})

t.test('settings win, and each address is asked once', async (t) => {
  const settings = { ...none, nodeLocal: ['169.254.9.9:5353'], upstream: ['192.0.2.1', '10.96.0.10'] }
  const cluster = clusterOf({ source: 'kubernetes', apiServer: null })
  t.strictSame(shown(targetsOf({ ...sources, settings, cluster, nameserver: '10.96.0.11' })), [
    'node-local 169.254.9.9 5353 configuration',
    'cluster-dns 10.96.0.10 53 kubernetes',
    'cluster-dns-upstream 10.96.0.11 53 kubernetes',
    'upstream 192.0.2.1 53 configuration',
  ])
})

t.test('where it was learnt', async (t) => {
  const dns = { nodeLocalLearnedFrom: 'local-address' as const, forwards: ['192.0.2.53', '/etc/resolv.conf'] }
  const cluster = clusterOf({ source: 'kubernetes', apiServer: null }, dns)
  t.strictSame(shown(targetsOf({ ...sources, cluster, upstreams: ['192.0.2.53', '192.0.2.54'] })), [
    'node-local 169.254.20.10 53 local-address',
    'cluster-dns 10.96.0.10 53 kubernetes',
    'cluster-dns-upstream 10.96.0.11 53 kubernetes',
    'upstream 192.0.2.53 53 kubernetes',
    'upstream 192.0.2.54 53 resolv.conf',
  ])
})

t.test('where nothing is known', async (t) => {
  t.strictSame(targetsOf({ ...sources, cluster: null, upstreams: [] }), [])
  t.strictSame(shown(targetsOf({ ...sources, cluster: null, upstreams: [], nameserver: 'not an address' })), [])
})

t.test('the health page of node-local DNS is asked where it is known to be', async (t) => {
  t.equal(nodeLocalHealthPort(['169.254.20.10']), 8080)
  t.equal(nodeLocalHealthPort(['10.0.0.1', '169.254.25.10']), 9254)
  t.equal(nodeLocalHealthPort(['169.254.116.108']), null)
})

t.test('where agents push to', async (t) => {
  t.strictSame(pushUrls(['10.1.2.3', 'fd00::3', 'name'], 8530), ['http://10.1.2.3:8530', 'http://[fd00::3]:8530'])
})
