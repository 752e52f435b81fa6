import { observationOf } from '@oddnode/protocol'
import t from 'tap'
import { type DatagramHandler, exchangeDatagrams } from '../src/datagrams.ts'
import { shortContext } from './context.ts'
import { type UdpBehaviour, udpServer } from './dns-server.ts'
import { askInNamespace, askWithFewFiles, noFirewall, noNamespace } from './world.ts'

const udp = (address: string) => ({ transport: 'udp' as const, address })

/** A handler that ends with the first datagram, and tells who sent it. */
const firstDatagram: DatagramHandler = {
  onDatagram: (_message, source, seconds) => observationOf('answered', { source, seconds }),
  onFailure: ({ outcome, error }) => observationOf(outcome, { error }),
  atDeadline: () => null,
  atClose: () => observationOf('timeout'),
}
const hello = [Buffer.from('hello')]

t.test('messages leave one socket back to back, and each reply reaches the handler', async (t) => {
  const ports = new Set<number>()
  const server = await udpServer(t, (query, { send, fromPort }) => {
    ports.add(fromPort)
    send(query)
  })
  const got: string[] = []
  const { context } = shortContext(1, 1)
  const observation = await exchangeDatagrams(server, [Buffer.from('one'), Buffer.from('two')], context, {
    ...firstDatagram,
    onDatagram: (message) => (got.push(message.toString()) === 2 ? observationOf('answered') : null),
  })
  t.match(observation, { outcome: 'answered' })
  t.strictSame([got, ports.size], [['one', 'two'], 1])
})

t.test('trap 1: an unconnected socket tells who answered instead', async (t) => {
  for (const [address, shown] of [
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '[::1]'],
  ] as const) {
    let port = 0
    const elsewhere: UdpBehaviour = (query, reply) => {
      port = reply.elsewherePort
      reply.sendFromElsewhere(query)
    }
    const server = await udpServer(t, elsewhere, address)
    const route = { ...server, socket: 'unconnected' as const }
    const { source } = await exchangeDatagrams(route, hello, shortContext(1, 1).context, firstDatagram)
    t.equal(source, `${shown}:${port}`)
  }
})

t.test('an IPv6 address in any spelling is the same source', async (t) => {
  const server = await udpServer(t, (query, { send }) => send(query), '::1')
  const route = { ...server, address: '0:0::0001', socket: 'unconnected' as const }
  const observation = await exchangeDatagrams(route, hello, shortContext(1, 1).context, firstDatagram)
  t.match(observation, { outcome: 'answered', source: null })
})

t.test('what is no address is a programming error', async (t) => {
  const route = { address: 'localhost', port: 53 }
  t.throws(() => exchangeDatagrams(route, hello, shortContext().context, firstDatagram), TypeError)
})

t.test('unreachable: no route, or a route that says so', { skip: noNamespace }, async (t) => {
  const routes = ['unreachable 192.0.2.1', 'blackhole 192.0.2.2', 'prohibit 192.0.2.3']
  const observations = askInNamespace(
    routes.map((route) => `ip route add ${route}`),
    { asks: ['192.0.2.1', '192.0.2.2', '192.0.2.3', '198.51.100.1', '2001:db8::1'].map(udp) },
  )
  t.match(observations, [
    { outcome: 'unreachable', error: 'EHOSTUNREACH' },
    { outcome: 'unreachable', error: 'EINVAL' },
    { outcome: 'denied', error: 'EACCES' },
    { outcome: 'unreachable', error: 'ENETUNREACH' },
    { outcome: 'unreachable', error: 'ENETUNREACH' },
  ])
})

t.test('trap 5: denied is not timeout', { skip: noNamespace || noFirewall }, async (t) => {
  const chains = [
    'nft add table inet fault',
    "nft 'add chain inet fault out { type filter hook output priority 0; }'",
    "nft 'add chain inet fault in { type filter hook input priority 0; }'",
    'nft add rule inet fault out ip daddr 127.0.0.2 udp dport 53 drop',
    'nft add rule inet fault in ip daddr 127.0.0.3 udp dport 53 drop',
    'nft add rule inet fault in ip daddr 127.0.0.4 udp dport 53 reject with icmp admin-prohibited',
    'nft add rule inet fault in ip daddr 127.0.0.5 udp dport 53 reject with icmp host-unreachable',
  ]
  const observations = askInNamespace(chains, {
    asks: ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'].map(udp),
  })
  t.match(observations, [
    { outcome: 'refused', error: 'ECONNREFUSED' },
    { outcome: 'denied', error: 'EPERM' },
    { outcome: 'timeout', error: null },
    { outcome: 'unreachable', error: 'EHOSTUNREACH' },
    // Linux does not tell a UDP socket of it.
    { outcome: 'timeout', error: null },
  ])
})

t.test('a taken source port: another is drawn, then the kernel chooses', { skip: noNamespace }, async (t) => {
  const twoPorts = ["printf '40000 40001' > /proc/sys/net/ipv4/ip_local_port_range"]
  const asks = Array.from({ length: 30 }, () => udp('127.0.0.1'))
  const half = askInNamespace(twoPorts, { serve: true, occupied: [40_001], asks })
  t.ok(half.every(({ outcome }) => outcome === 'answered'))
  const full = askInNamespace(twoPorts, { serve: true, occupied: [40_000, 40_001], asks: asks.slice(0, 2) })
  const taken = { outcome: 'local-error', error: 'EADDRINUSE' }
  t.match(full, [taken, taken])
})

t.test('a fixed source port that is taken is our own error', async (t) => {
  const server = await udpServer(t, () => {})
  const route = { ...server, sourcePort: server.port }
  const observation = await exchangeDatagrams(route, hello, shortContext().context, firstDatagram)
  t.match(observation, { outcome: 'local-error', error: 'EADDRINUSE' })
})

t.test('no file left: local-error, over UDP and TCP', async (t) => {
  const asks = [udp('127.0.0.1'), { transport: 'tcp' as const, address: '127.0.0.1' }]
  const noFile = { outcome: 'local-error', error: 'EMFILE' }
  t.match(askWithFewFiles({ exhaustFiles: true, asks }), [noFile, noFile])
})
