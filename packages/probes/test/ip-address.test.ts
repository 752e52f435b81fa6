import fc from 'fast-check'
import t from 'tap'
import { holds, ipAddressOf } from '../src/ip-address.ts'

t.test('texts and what they denote', async (t) => {
  t.same(ipAddressOf('10.0.0.1'), { family: 4, bits: 0x0a000001n, zone: null })
  t.same(ipAddressOf('::'), { family: 6, bits: 0n, zone: null })
  t.same(ipAddressOf('::1'), { family: 6, bits: 1n, zone: null })
  t.same(ipAddressOf('fe80::'), { family: 6, bits: 0xfe80n << 112n, zone: null })
  t.same(ipAddressOf('fe80::1%eth0'), { family: 6, bits: (0xfe80n << 112n) | 1n, zone: 'eth0' })
  t.same(ipAddressOf('::ffff:10.0.0.1'), { family: 6, bits: 0xffff0a000001n, zone: null })
  t.same(ipAddressOf('1:2:3:4:5:6:7:8')?.bits, 0x00010002000300040005000600070008n)
  for (const text of ['', 'localhost', '10.0.0', '10.0.0.1:53', '[::1]', '1::2::3']) {
    t.equal(ipAddressOf(text), undefined, text)
  }
})

t.test('every text of an IPv6 address denotes the same', async (t) => {
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      // The URL parser is another implementation of RFC 4291's text form.
      const canonical = new URL(`http://[${text}]/`).hostname.slice(1, -1)
      return ipAddressOf(text)?.bits === ipAddressOf(canonical)?.bits
    }),
  )
  t.pass()
})

t.test('which network holds which address', async (t) => {
  const cases: [string, number, string, boolean][] = [
    ['10.0.0.0', 8, '10.255.0.1', true],
    ['10.0.0.0', 8, '11.0.0.0', false],
    ['0.0.0.0', 0, '192.0.2.1', true],
    ['192.0.2.1', 32, '192.0.2.1', true],
    ['192.0.2.1', 32, '192.0.2.2', false],
    ['fd00::', 64, 'fd00::53', true],
    ['fd00::', 64, 'fd00:0:0:1::53', false],
    ['::', 0, '2001:db8::1', true],
  ]
  for (const [network, length, text, expected] of cases) {
    const address = ipAddressOf(text)
    const bits = ipAddressOf(network)?.bits
    if (address === undefined || bits === undefined) return t.fail(text)
    t.equal(holds({ bits, length }, address), expected, `${network}/${length} ${text}`)
  }
})
