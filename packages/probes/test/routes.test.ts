import { join } from 'node:path'
import t from 'tap'
import { ipAddressOf } from '../src/ip-address.ts'
import { deviceOf, parseIpv4Routes, parseIpv6Routes, readRoutes } from '../src/routes.ts'
import { fibTrie, ipv6Route, route } from './proc-fixtures.ts'

const deviceTo = (text: string): string | null => {
  const address = ipAddressOf(text)
  if (address === undefined) throw new Error(text)
  return deviceOf(address, [...parseIpv4Routes(route, 'LE'), ...parseIpv6Routes(ipv6Route)])
}

t.test('the longest prefix, then the smallest metric', async (t) => {
  t.equal(deviceTo('10.244.1.7'), 'cni0')
  t.equal(deviceTo('10.244.2.7'), 'flannel.1')
  t.equal(deviceTo('203.0.113.1'), 'eth1', 'the default route with the smaller metric')
  t.equal(deviceTo('10.244.9.1'), null, 'a route that rejects')
  t.equal(deviceTo('10.10.0.1'), 'eth1', 'a route that is not up does not count')
  t.equal(deviceTo('fd00::53'), 'eth0')
  t.equal(deviceTo('fd00::2'), 'lo', 'our own address')
  t.equal(deviceTo('fd99::1'), null, 'unreachable')
  t.equal(deviceTo('2001:db8::1'), 'eth0')
  t.equal(deviceTo('fe80::1%eth7'), 'eth7')
  t.equal(deviceTo(`fe80::1%${'z'.repeat(33)}`), null, 'no device has such a name')
})

t.test('columns go by name, octets by the machine', async (t) => {
  const reordered = 'Mask Flags Metric Destination Iface\nFFFFFF00 0001 7 C0000200 ens3\n'
  t.same(parseIpv4Routes(reordered, 'BE'), [{ family: 4, bits: 0xc0000200n, length: 24, metric: 7, device: 'ens3' }])
  t.same(parseIpv4Routes('', 'LE'), [])
  t.same(parseIpv4Routes('Iface Destination\neth0 zz\n', 'LE'), [])
  t.same(parseIpv6Routes('short line\n'), [])
})

t.test('device and MTU of the route to each address', async (t) => {
  const root = t.testdir({
    proc: { net: { route, ipv6_route: ipv6Route, fib_trie: fibTrie } },
    sys: { class: { net: { lo: { mtu: '65536\n' }, cni0: { mtu: '1450\n' }, eth0: {} } } },
  })
  const roots = { proc: join(root, 'proc'), sys: join(root, 'sys') }
  t.same(await readRoutes(['10.244.1.7', '169.254.20.10', 'fd00::53', '10.244.9.1'], roots), [
    { address: '10.244.1.7', device: 'cni0', mtu: 1450 },
    { address: '169.254.20.10', device: 'lo', mtu: 65536 },
    { address: 'fd00::53', device: 'eth0', mtu: null },
    { address: '10.244.9.1', device: null, mtu: null },
  ])
})

t.test('one table is enough; without any nothing is known', async (t) => {
  const proc = t.testdir({ net: { ipv6_route: ipv6Route } })
  t.same(await readRoutes(['10.0.0.1'], { proc }), [{ address: '10.0.0.1', device: null, mtu: null }])
  t.equal(await readRoutes(['10.0.0.1'], { proc: join(proc, 'missing') }), undefined)
})

t.test('this machine: loopback', async (t) => {
  const routes = await readRoutes(['127.0.0.1'])
  if (routes === undefined) return t.comment('left out: /proc/net/route cannot be read here')
  t.match(routes, [{ address: '127.0.0.1', device: 'lo', mtu: Number }])
})
