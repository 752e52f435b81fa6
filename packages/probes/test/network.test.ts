import { join } from 'node:path'
import t from 'tap'
import { hasDevice, hasGlobalIpv6, readNetwork } from '../src/network.ts'
import { ifInet6, ipv6Route, route } from './proc-fixtures.ts'

const devices = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 2776770   11307    0    0    0     0          0         0  2776770   11307    0    0    0     0       0          0
  eth0: 1215645    2751    0    0    0     0          0         0  1782404    4324    0    0    0   427       0          0
`
const ipvs = `${devices}kube-ipvs0:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0\n`
const switches = {
  ipv4: { ip_forward: '1\n', ip_nonlocal_bind: '0\n' },
  bridge: { 'bridge-nf-call-iptables': '0\n' },
}

t.test('a node with both families and kube-proxy in IPVS mode', async (t) => {
  const net = { dev: ipvs, route, ipv6_route: ipv6Route, if_inet6: ifInet6 }
  t.strictSame(await readNetwork(t.testdir({ net, sys: { net: switches } })), {
    defaultRouteIpv4: true,
    defaultRouteIpv6: true,
    globalIpv6: true,
    ipForward: true,
    bridgeNfCallIptables: false,
    ipNonlocalBind: false,
    ipvs: true,
  })
})

t.test('one without a default route, without IPv6 and without bridges', async (t) => {
  const noDefault = route
    .split('\n')
    .filter((line) => !/\t00000000\t0/.test(line))
    .join('\n')
  const net = { dev: devices, route: noDefault }
  t.strictSame(await readNetwork(t.testdir({ net, sys: { net: { ipv4: { ip_forward: '0\n' } } } })), {
    defaultRouteIpv4: false,
    defaultRouteIpv6: false,
    globalIpv6: false,
    ipForward: false,
    bridgeNfCallIptables: null,
    ipNonlocalBind: null,
    ipvs: false,
  })
})

t.test('a default route that rejects is none', async (t) => {
  const rejects = ipv6Route
    .split('\n')
    .filter((line) => !line.includes('00000003     eth0'))
    .join('\n')
  t.match(await readNetwork(t.testdir({ net: { dev: devices, ipv6_route: rejects } })), {
    defaultRouteIpv4: null,
    defaultRouteIpv6: false,
  })
})

t.test('only global scope counts, only whole names', async (t) => {
  t.notOk(hasGlobalIpv6('00000000000000000000000000000001 01 80 10 80       lo\n'))
  t.notOk(hasGlobalIpv6('fe800000000000000000000000000001 02 40 20 80     eth0\n'))
  t.ok(hasGlobalIpv6('20010db8000000000000000000000001 02 40 00 80     eth0\n'))
  t.notOk(hasDevice('kube-ipvs01: 0\n', 'kube-ipvs0'))
  t.notOk(hasDevice('kube-ipvs0\n', 'kube-ipvs0'))
})

t.test('without /proc/net/dev nothing is known', async (t) => {
  t.equal(await readNetwork(join(t.testdir({}), 'missing')), undefined)
})

t.test('this machine', async (t) => {
  const network = await readNetwork()
  if (network === undefined) return t.comment('left out: /proc/net/dev cannot be read here')
  t.type(network.ipvs, 'boolean')
})
