import fc from 'fast-check'
import t from 'tap'
import { forwardAddresses, forwardsToResolvConf, readCorefile } from '../../src/cluster/corefile.ts'
import type { ConfigMap } from '../../src/kubernetes/objects.ts'
import { recorded } from '../kubernetes/api-server.ts'

t.test('the Corefile of a real cluster', async (t) => {
  const [map]: ConfigMap[] = recorded('configmaps').items
  t.strictSame(readCorefile(map?.data?.['Corefile'] ?? ''), {
    zones: ['cluster.local'],
    forwards: ['/etc/resolv.conf'],
  })
})

t.test('server blocks of several zones, and forwards of some only', async (t) => {
  const text = `
# kubernetes not.this
example.org:5353 {
    forward . 192.0.2.9   # of another zone
}
corp.local:53, .:53 {
    kubernetes prod.local. in-addr.arpa ip6.arpa {
        pods insecure
        forward . 192.0.2.8
    }
    forward corp.example 192.0.2.7
    forward . dns://192.0.2.1 192.0.2.2:53 192.0.2.3:5353 tls://192.0.2.4 /etc/resolv.conf {
        max_concurrent 1000
    }
}
other.local {
    kubernetes
}
`
  const { zones, forwards } = readCorefile(text)
  t.strictSame(zones, ['prod.local', 'other.local'])
  t.strictSame(forwards, ['dns://192.0.2.1', '192.0.2.2:53', '192.0.2.3:5353', 'tls://192.0.2.4', '/etc/resolv.conf'])
  t.strictSame(forwardAddresses(forwards), ['192.0.2.1', '192.0.2.2'], 'those that a plain query to port 53 reaches')
  t.equal(forwardsToResolvConf(forwards), true)
  t.equal(forwardsToResolvConf(['192.0.2.1']), false)
})

t.test('CoreDNS before 1.5 called it proxy', async (t) => {
  t.strictSame(readCorefile('.:53 {\n  proxy . 192.0.2.1 fd00::53\n}').forwards, ['192.0.2.1', 'fd00::53'])
  t.strictSame(forwardAddresses(['fd00::53', '[fd00::54]:53', 'dns.example']), ['fd00::53', 'fd00::54'])
})

t.test('never throws, whatever somebody has written', async (t) => {
  t.strictSame(readCorefile(''), { zones: [], forwards: [] })
  const word = fc.constantFrom('.', '{', '}', 'kubernetes', 'forward', '\n', 'a.b', '#', ':53', '{$ENV}')
  fc.assert(fc.property(fc.array(word), (words) => Array.isArray(readCorefile(words.join(' ')).zones)))
})
