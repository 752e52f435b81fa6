import t from 'tap'
import { upstreamsOf } from '../../src/cluster/upstreams.ts'

const hosts = (...addresses: string[]) => ({ hostNameservers: addresses.map((value) => ({ value, nodes: 1 })) })

t.test('where the Corefile forwards to', async (t) => {
  t.strictSame(upstreamsOf(['192.0.2.1', 'tls://192.0.2.2'], hosts('192.0.2.9'), []), ['192.0.2.1'])
  t.strictSame(upstreamsOf(['192.0.2.1', '/etc/resolv.conf'], hosts('192.0.2.9', '192.0.2.1'), []), [
    '192.0.2.1',
    '192.0.2.9',
  ])
})

t.test('where no Corefile could be read: what hosts use', async (t) => {
  t.strictSame(upstreamsOf([], hosts('192.0.2.9'), []), ['192.0.2.9'])
})

t.test('whoever asks itself is no upstream', async (t) => {
  const own = ['10.96.0.10', '169.254.20.10']
  t.strictSame(
    upstreamsOf([], hosts('127.0.0.53', '::1', '10.96.0.10', '169.254.20.10', 'fe80::1%eth0', '192.0.2.9'), own),
    ['192.0.2.9'],
  )
})

t.test('not without end', async (t) => {
  t.equal(upstreamsOf([], hosts(...Array.from({ length: 99 }, (_, i) => `192.0.2.${i}`)), []).length, 16)
})
