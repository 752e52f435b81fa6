import fc from 'fast-check'
import t from 'tap'
import { formatAddress, parseAddress } from '../src/parse-address.ts'

t.test('IPv4 and IPv6, with and without a port', async (t) => {
  for (const [text, address, port] of [
    ['192.0.2.1', '192.0.2.1', 53],
    ['192.0.2.1:5353', '192.0.2.1', 5353],
    ['2001:db8::53', '2001:db8::53', 53],
    ['[2001:db8::53]', '2001:db8::53', 53],
    ['[2001:db8::53]:5353', '2001:db8::53', 5353],
    ['fe80::1%eth0', 'fe80::1%eth0', 53],
  ] as const) {
    t.strictSame(parseAddress(text, 53), { address, port }, text)
  }
})

t.test('anything else is none: a name above all, since a target is never looked up', async (t) => {
  for (const text of [
    '',
    ' ',
    'kube-dns',
    'kube-dns:53',
    'localhost',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.1:',
    '192.0.2.1:0',
    '192.0.2.1:65536',
    '192.0.2.1:x',
    '[192.0.2.1]:53',
    '[2001:db8::53]:0',
    '[2001:db8::53',
    '2001:db8::53]:53',
    ':53',
  ]) {
    t.equal(parseAddress(text, 53), null, text)
  }
})

t.test('what was formatted can be read again', async () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.ipV4(), fc.ipV6()),
      fc.integer({ min: 1, max: 65535 }),
      fc.option(fc.constant(53), { nil: undefined }),
      (address, port, preset) => {
        const read = parseAddress(formatAddress({ address, port }, preset), 53)
        return read?.address === address && read.port === port
      },
    ),
  )
})
