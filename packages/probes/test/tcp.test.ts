import { setTimeout as sleep } from 'node:timers/promises'
import { decode } from 'dns-packet'
import t from 'tap'
import type { DnsAsk } from '../src/probe.ts'
import { askTcp } from '../src/tcp.ts'
import { shortContext } from './context.ts'
import {
  answerTo,
  claimedRecords,
  closedPort,
  framed,
  loopingPointer,
  patched,
  pointerFlood,
  type Server,
  type TcpBehaviour,
  tcpServer,
} from './dns-server.ts'
import { realServers } from './real-server.ts'
import { askInNamespace, noFirewall, noNamespace } from './world.ts'

const question = { name: 'kubernetes.default.svc.cluster.local', type: 'A', class: 'IN' } as const
const askOf = ({ address, port }: Pick<Server, 'address' | 'port'>): DnsAsk => ({ address, port, question })
const right: TcpBehaviour = (query, socket) => socket.write(framed(answerTo(query)))

async function ask(t: Parameters<typeof tcpServer>[0], behaviour: TcpBehaviour, deadline = 1, close = 5) {
  const server = await tcpServer(t, behaviour)
  const { context } = shortContext(deadline, close)
  const startedAt = performance.now()
  const observation = await askTcp(askOf(server), context)
  return { observation, elapsed: (performance.now() - startedAt) / 1000, server }
}

for (const address of ['127.0.0.1', '::1']) {
  t.test(`an answer from ${address}, its time and the handshake's apart`, async (t) => {
    const server = await tcpServer(t, right, address)
    const { context } = shortContext(2, 3)
    const observation = await askTcp({ ...askOf(server), edns: { udpPayloadSize: 1232, nsid: true } }, context)
    t.match(observation, {
      outcome: 'answered',
      rcode: 0,
      answers: ['192.0.2.1'],
      socket: null,
      source: null,
      error: null,
    })
    t.ok((observation.connectSeconds ?? 0) > 0 && (observation.seconds ?? 0) > 0)
    const [query = Buffer.alloc(0)] = server.queries
    t.match(decode(query).questions, [question])
  })
}

t.test('the answer time begins with the write of the query', async (t) => {
  const { observation } = await ask(t, (query, socket) => {
    setTimeout(() => right(query, socket), 60)
  })
  t.match(observation, { outcome: 'answered' })
  t.ok((observation.seconds ?? 0) > 0.05 && (observation.connectSeconds ?? 1) < (observation.seconds ?? 0))
})

t.test('split anywhere, the answer is the same', async (t) => {
  const { observation: inTwo } = await ask(t, (query, socket) => {
    const message = framed(answerTo(query))
    socket.write(message.subarray(0, 1))
    setTimeout(() => socket.write(message.subarray(1)), 20)
  })
  t.match(inTwo, { outcome: 'answered', answers: ['192.0.2.1'] })
  const { observation: inOctets } = await ask(
    t,
    (query, socket) => {
      socket.setNoDelay()
      for (const [i, octet] of framed(answerTo(query)).entries())
        setTimeout(() => socket.write(Buffer.from([octet])), i)
    },
    3,
  )
  t.match(inOctets, { outcome: 'answered', answers: ['192.0.2.1'] })
})

t.test('trap 19: two answers in one segment, the right one counts', async (t) => {
  const { observation } = await ask(t, (query, socket) => {
    const answer = answerTo(query)
    const foreign = patched(answerTo(query, { rdata: ['203.0.113.1'] }), 0, answer.readUInt16BE(0) ^ 1)
    socket.write(Buffer.concat([framed(foreign), framed(answer)]))
  })
  t.match(observation, { outcome: 'answered', answers: ['192.0.2.1'], error: null })
  const { observation: twice } = await ask(t, (query, socket) => {
    const answer = framed(answerTo(query))
    socket.end(Buffer.concat([answer, answer]))
  })
  t.match(twice, { outcome: 'answered' })
})

t.test('closed: before the answer, within it, by FIN or by RST', async (t) => {
  const { observation: fin } = await ask(t, (_query, socket) => socket.end())
  t.match(fin, { outcome: 'closed', rcode: null, seconds: null, error: null })
  t.ok((fin.connectSeconds ?? 0) > 0)
  const { observation: cut } = await ask(t, (query, socket) => socket.end(framed(answerTo(query)).subarray(0, 20)))
  t.match(cut, { outcome: 'closed' })
  const { observation: reset } = await ask(t, (_query, socket) => socket.resetAndDestroy())
  t.match(reset, { outcome: 'closed', error: 'ECONNRESET' })
})

t.test('refused: RST on connect', async (t) => {
  const observation = await askTcp(askOf({ address: '127.0.0.1', port: await closedPort() }), shortContext().context)
  t.match(observation, { outcome: 'refused', error: 'ECONNREFUSED', connectSeconds: null, seconds: null })
})

t.test('a server that never answers: timeout at the close', async (t) => {
  const { observation, elapsed } = await ask(t, () => {}, 0.1, 0.2)
  t.match(observation, { outcome: 'timeout', seconds: null, error: null })
  t.ok((observation.connectSeconds ?? 0) > 0, 'it did connect')
  t.ok(elapsed > 0.19 && elapsed < 3, `${elapsed} s`)
})

t.test('trap 7: the right answer after the deadline is late, with its rcode and its time', async (t) => {
  const { observation } = await ask(
    t,
    (query, socket) => {
      setTimeout(() => socket.write(framed(answerTo(query, { rcode: 2, rdata: [] }))), 200)
    },
    0.1,
  )
  t.match(observation, { outcome: 'late', rcode: 2 })
  t.ok((observation.seconds ?? 0) > 0.19)
})

t.test('mismatch: told at the deadline, at the end, or after a reset', async (t) => {
  const foreign: TcpBehaviour = (query, socket) =>
    socket.write(framed(patched(answerTo(query), 0, query.readUInt16BE(0) ^ 1)))
  const behaviours: TcpBehaviour[] = [
    foreign,
    (query, socket) => [foreign(query, socket), socket.end()],
    (query, socket) => [foreign(query, socket), setTimeout(() => socket.resetAndDestroy(), 30)],
  ]
  for (const behaviour of behaviours) {
    const { observation, elapsed } = await ask(t, behaviour)
    t.match(observation, { outcome: 'mismatch', error: 'another id', seconds: null })
    t.ok(elapsed < 4, 'before the close')
  }
})

t.test('malformed: at once, whatever else would come', async (t) => {
  const messages: [name: string, octets: (query: Buffer) => Buffer, error: RegExp | string][] = [
    ['looping pointer', (query) => framed(loopingPointer(query)), 'RDATA of type 5'],
    ['65,535 records', (query) => framed(claimedRecords(query)), '65535 records'],
    ['64 kB of pointers', (query) => framed(pointerFlood(query)), /^a message of 6\d{4} octets$/],
    ['a length beyond our cap and nothing else', () => Buffer.from([0xff, 0xff]), 'a message of 65535 octets'],
    ['no header', () => framed(Buffer.alloc(3)), 'a message of 3 octets'],
    ['HTTP', () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), /octets/],
  ]
  for (const [name, octets, error] of messages) {
    const { observation } = await ask(t, (query, socket) => socket.write(octets(query)), 2)
    t.match(observation, { outcome: 'malformed', error, rcode: null, seconds: null }, name)
  }
})

t.test('64 kB of pointers over TCP block nothing', async (t) => {
  const server = await tcpServer(t, (query, socket) => socket.write(framed(pointerFlood(query))))
  const before = process.threadCpuUsage()
  const times = 40
  for (let i = 0; i < times; i++) await askTcp(askOf(server), shortContext(2, 3).context)
  const { user, system } = process.threadCpuUsage(before)
  // The server, which makes and writes the 64 kB on this thread, takes most of it; decoding them takes 38 to 67 ms.
  const milliseconds = (user + system) / 1000 / times
  t.ok(milliseconds < 10, `${milliseconds} ms of CPU`)
})

t.test('trap 5: denied is not timeout, but a dropped TCP output is', { skip: noNamespace || noFirewall }, async (t) => {
  const setUp = [
    'ip route add unreachable 192.0.2.1',
    'ip route add prohibit 192.0.2.3',
    'nft add table inet fault',
    "nft 'add chain inet fault out { type filter hook output priority 0; }'",
    'nft add rule inet fault out ip daddr 127.0.0.2 tcp dport 53 drop',
    'nft add rule inet fault out ip daddr 127.0.0.3 tcp dport 53 reject with tcp reset',
  ]
  const addresses = ['192.0.2.1', '192.0.2.3', '198.51.100.1', '2001:db8::1', '127.0.0.2', '127.0.0.3']
  const observations = askInNamespace(setUp, { asks: addresses.map((address) => ({ transport: 'tcp', address })) })
  t.match(observations, [
    { outcome: 'unreachable', error: 'EHOSTUNREACH' },
    { outcome: 'denied', error: 'EACCES' },
    { outcome: 'unreachable', error: 'ENETUNREACH' },
    { outcome: 'unreachable', error: 'ENETUNREACH' },
    // The kernel sends a dropped SYN again and tells nobody.
    { outcome: 'timeout', error: null, connectSeconds: null },
    { outcome: 'refused', error: 'ECONNREFUSED' },
  ])
})

t.test('an abort resolves at once and keeps no socket', async (t) => {
  const server = await tcpServer(t, () => {})
  const { context, abort } = shortContext(5, 10)
  const observation = askTcp(askOf(server), context)
  await sleep(30)
  abort()
  t.match(await observation, { outcome: 'local-error', error: 'aborted' })
})

t.test('a name in place of an address is a programming error', async (t) => {
  await t.rejects(askTcp(askOf({ address: 'localhost', port: 53 }), shortContext().context), TypeError)
})

for (const { name, why, start } of realServers) {
  t.test(`against ${name}`, { skip: why }, async (t) => {
    const server = await start(t)
    const question = { name: 'kubernetes.test', type: 'A', class: 'IN' } as const
    const observation = await askTcp({ ...server, question }, shortContext(2, 3).context)
    t.match(observation, { outcome: 'answered', rcode: 0, answers: ['10.96.0.1'] })
  })
}
