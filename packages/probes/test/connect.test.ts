import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { askConnect } from '../src/connect.ts'
import { shortContext } from './context.ts'
import { closedPort } from './dns-server.ts'
import { askInNamespace, noFirewall, noNamespace } from './world.ts'

/** Counts connections, and octets that came over them. */
async function listener(t: Test, address = '127.0.0.1') {
  const seen = { connections: 0, octets: 0, ended: 0 }
  const server = createServer((socket) => {
    seen.connections++
    socket.on('data', (octets: Buffer) => {
      seen.octets += octets.length
    })
    socket.on('close', () => seen.ended++)
    socket.on('error', () => undefined)
  })
  server.listen(0, address)
  await once(server, 'listening')
  t.teardown(() => server.close())
  return { address, port: (server.address() as AddressInfo).port, seen }
}

for (const address of ['127.0.0.1', '::1']) {
  t.test(`a connection to ${address}: opened, timed and closed without a word`, async (t) => {
    const { seen, ...server } = await listener(t, address)
    const observation = await askConnect(server, shortContext().context)
    t.match(observation, { outcome: 'answered', rcode: null, socket: null, error: null, size: null })
    t.ok((observation.seconds ?? 0) > 0 && observation.seconds === observation.connectSeconds)
    while (seen.ended === 0) await sleep(5)
    t.match(seen, { connections: 1, octets: 0 })
  })
}

t.test('refused', async (t) => {
  const observation = await askConnect({ address: '127.0.0.1', port: await closedPort() }, shortContext().context)
  t.match(observation, { outcome: 'refused', error: 'ECONNREFUSED', seconds: null, connectSeconds: null })
})

t.test('what the network does', { skip: noNamespace || noFirewall }, async (t) => {
  const setUp = [
    'ip route add unreachable 192.0.2.1',
    'ip route add prohibit 192.0.2.3',
    'nft add table inet fault',
    "nft 'add chain inet fault out { type filter hook output priority 0; }'",
    'nft add rule inet fault out ip daddr 127.0.0.2 tcp dport 53 drop',
    'nft add rule inet fault out ip daddr 127.0.0.3 tcp dport 53 reject with tcp reset',
  ]
  const addresses = ['192.0.2.1', '192.0.2.3', '198.51.100.1', '2001:db8::1', '127.0.0.2', '127.0.0.3']
  const observations = askInNamespace(setUp, { asks: addresses.map((address) => ({ transport: 'connect', address })) })
  t.match(observations, [
    { outcome: 'unreachable', error: 'EHOSTUNREACH' },
    { outcome: 'denied', error: 'EACCES' },
    { outcome: 'unreachable', error: 'ENETUNREACH' },
    { outcome: 'unreachable', error: 'ENETUNREACH' },
    { outcome: 'timeout', error: null },
    { outcome: 'refused', error: 'ECONNREFUSED' },
  ])
})

t.test('after the deadline it is late', async (t) => {
  const { seen: _seen, ...server } = await listener(t)
  t.match(await askConnect(server, shortContext(1e-9, 1).context), { outcome: 'late', seconds: Number, error: null })
})

t.test('an abort resolves at once and keeps no socket', async (t) => {
  const { context, abort } = shortContext(5, 10)
  const observation = askConnect({ address: '192.0.2.1', port: 443 }, context)
  abort()
  t.match(await observation, { outcome: 'local-error', error: 'aborted' })
})

t.test('a name in place of an address is a programming error', async (t) => {
  await t.rejects(askConnect({ address: 'localhost', port: 443 }, shortContext().context), TypeError)
})
