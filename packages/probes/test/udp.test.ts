import { setTimeout as sleep } from 'node:timers/promises'
import { decode } from 'dns-packet'
import t from 'tap'
import type { DnsAsk } from '../src/probe.ts'
import { askUdp } from '../src/udp.ts'
import { shortContext } from './context.ts'
import {
  answerTo,
  claimedRecords,
  closedPort,
  loopingPointer,
  patched,
  type Server,
  type UdpBehaviour,
  udpServer,
} from './dns-server.ts'
import { realServers } from './real-server.ts'

const question = { name: 'kubernetes.default.svc.cluster.local', type: 'A', class: 'IN' } as const
const askOf = ({ address, port }: Pick<Server, 'address' | 'port'>, also: Partial<DnsAsk> = {}): DnsAsk => ({
  address,
  port,
  question,
  ...also,
})
const right: UdpBehaviour = (query, { send }) => send(answerTo(query))
const anotherId = (message: Buffer) => patched(message, 0, message.readUInt16BE(0) ^ 1)

for (const address of ['127.0.0.1', '::1']) {
  t.test(`an answer from ${address}, on either kind of socket`, async (t) => {
    const server = await udpServer(t, right, address)
    for (const socket of ['connected', 'unconnected'] as const) {
      const { context } = shortContext()
      const observation = await askUdp(askOf(server, { socket, edns: { udpPayloadSize: 1232, nsid: true } }), context)
      const expected = {
        outcome: 'answered',
        rcode: 0,
        answers: ['192.0.2.1'],
        ttl: 30,
        socket,
        source: null,
        error: null,
      }
      t.match(observation, { ...expected, echoed: true, connectSeconds: null })
      t.ok(observation.seconds !== null && observation.seconds > 0 && observation.seconds < 1)
    }
  })
}

t.test('trap 11: the wire carries exactly the name asked, in one packet', async (t) => {
  const server = await udpServer(t, right)
  const { context } = shortContext()
  await askUdp(askOf(server, { question: { name: 'a.b', type: 'TXT', class: 'IN' } }), context)
  await sleep(20)
  t.match(
    server.queries.map((query) => decode(query).questions),
    [[{ name: 'a.b', type: 'TXT', class: 'IN' }]],
  )
})

t.test('trap 19: forged, foreign, doubled and broken packets never beat the right answer', async (t) => {
  const server = await udpServer(t, (query, { send, sendFromElsewhere }) => {
    const answer = answerTo(query)
    send(anotherId(answerTo(query, { rdata: ['203.0.113.1'] })))
    send(patched(answer, 12, 0x0161))
    send(loopingPointer(query))
    send(Buffer.from('x'))
    sendFromElsewhere(answerTo(query, { rdata: ['203.0.113.2'] }))
    setTimeout(() => [send(answer), send(answer)], 20)
  })
  for (const socket of ['connected', 'unconnected'] as const) {
    const { context } = shortContext()
    t.match(await askUdp(askOf(server, { socket }), context), {
      outcome: 'answered',
      answers: ['192.0.2.1'],
      error: null,
    })
  }
})

t.test('what came instead of the answer is told at the deadline, never as an answer', async (t) => {
  const cases: [name: string, behaviour: UdpBehaviour, outcome: string, error: RegExp | string][] = [
    ['another id', (query, { send }) => send(anotherId(answerTo(query))), 'mismatch', 'another id'],
    [
      'another question',
      (query, { send }) => send(patched(answerTo(query), 12, 0x0161)),
      'mismatch',
      'another question',
    ],
    ['our own query', (query, { send }) => send(query), 'mismatch', 'a query'],
    ['octets', (_query, { send }) => send(Buffer.alloc(11)), 'malformed', '11 octets'],
    ['looping pointer', (query, { send }) => send(loopingPointer(query)), 'malformed', 'RDATA of type 5'],
    ['65,535 records', (query, { send }) => send(claimedRecords(query)), 'malformed', '65535 records'],
  ]
  for (const [name, behaviour, outcome, error] of cases) {
    const server = await udpServer(t, behaviour)
    const { context } = shortContext(0.1, 5)
    const startedAt = performance.now()
    const observation = await askUdp(askOf(server), context)
    t.match(observation, { outcome, error, rcode: null, seconds: null, socket: 'connected', source: null }, name)
    t.ok(performance.now() - startedAt < 2_000, 'at the deadline, not at the close')
  }
})

t.test('trap 4: an unconnected socket sees wrong-source, a connected one a timeout', async (t) => {
  let elsewherePort = 0
  for (const address of ['127.0.0.1', '::1']) {
    const server = await udpServer(
      t,
      (query, reply) => {
        elsewherePort = reply.elsewherePort
        reply.sendFromElsewhere(answerTo(query))
      },
      address,
    )
    const unconnected = await askUdp(askOf(server, { socket: 'unconnected' }), shortContext(0.15, 0.4).context)
    const source = address === '::1' ? `[::1]:${elsewherePort}` : `127.0.0.1:${elsewherePort}`
    t.match(unconnected, { outcome: 'wrong-source', source, seconds: null })
    const connected = await askUdp(askOf(server), shortContext(0.05, 0.1).context)
    t.match(connected, { outcome: 'timeout', source: null })
  }
})

t.test('trap 4: a connected socket sees refused, an unconnected one a timeout', async (t) => {
  const nobody = { address: '127.0.0.1', port: await closedPort() }
  const connected = await askUdp(askOf(nobody), shortContext().context)
  t.match(connected, { outcome: 'refused', error: 'ECONNREFUSED', seconds: null, socket: 'connected' })
  const unconnected = await askUdp(askOf(nobody, { socket: 'unconnected' }), shortContext(0.05, 0.1).context)
  t.match(unconnected, { outcome: 'timeout', error: null, socket: 'unconnected' })
})

t.test('a silent server: timeout at the close, and no later', async (t) => {
  const server = await udpServer(t, () => {})
  const { context } = shortContext(0.1, 0.2)
  const startedAt = performance.now()
  t.match(await askUdp(askOf(server), context), { outcome: 'timeout', rcode: null, seconds: null, error: null })
  const elapsed = (performance.now() - startedAt) / 1000
  t.ok(elapsed > 0.19 && elapsed < 3, `${elapsed} s`)
})

t.test('trap 7: the right answer after the deadline is late, with its rcode and its time', async (t) => {
  const server = await udpServer(t, (query, { send }) => {
    setTimeout(() => send(answerTo(query, { rcode: 2, rdata: [] })), 200)
  })
  const { context } = shortContext(0.1, 5)
  const observation = await askUdp(askOf(server), context)
  t.match(observation, { outcome: 'late', rcode: 2, echoed: true })
  t.ok(
    observation.seconds !== null && observation.seconds > 0.19 && observation.seconds < 4,
    `${observation.seconds} s`,
  )
})

t.test('trap 20: TC is truncated, and nothing is asked again over UDP', async (t) => {
  const server = await udpServer(t, (query, { send }) => send(answerTo(query, { flags: 0x0380 })))
  const observation = await askUdp(askOf(server), shortContext().context)
  t.match(observation, { outcome: 'truncated', rcode: 0, answers: [], flags: 0x8380 })
  await sleep(20)
  t.equal(server.queries.length, 1)
})

t.test('NXDOMAIN, SERVFAIL and a timeout are three results', async (t) => {
  for (const rcode of [3, 2]) {
    const server = await udpServer(t, (query, { send }) => send(answerTo(query, { rcode, rdata: [] })))
    t.match(await askUdp(askOf(server), shortContext().context), { outcome: 'answered', rcode, answers: [] })
  }
  const silent = await udpServer(t, () => {})
  t.match(await askUdp(askOf(silent), shortContext(0.05, 0.1).context), {
    outcome: 'timeout',
    rcode: null,
    answers: [],
  })
})

t.test('trap 3: a fresh source port each time, and a fixed one', async (t) => {
  const ports: number[] = []
  const server = await udpServer(t, (query, { send, fromPort }) => {
    ports.push(fromPort)
    send(answerTo(query))
  })
  for (let i = 0; i < 20; i++) await askUdp(askOf(server), shortContext().context)
  t.ok(new Set(ports).size >= 18, `${new Set(ports).size} different ports in 20`)
  const sourcePort = ports[0] ?? 0
  for (let i = 0; i < 2; i++) {
    t.match(await askUdp(askOf(server, { sourcePort }), shortContext().context), { outcome: 'answered' })
  }
  t.strictSame(ports.slice(-2), [sourcePort, sourcePort])
})

t.test('denied: the kernel refuses to send', async (t) => {
  // Without SO_BROADCAST, Linux answers EACCES.
  const observation = await askUdp(askOf({ address: '127.255.255.255', port: 53 }), shortContext().context)
  t.match(observation, { outcome: 'denied', error: 'EACCES', seconds: null })
  const unconnected = askOf({ address: '127.255.255.255', port: 53 }, { socket: 'unconnected' })
  t.match(await askUdp(unconnected, shortContext().context), { outcome: 'denied', error: 'EACCES' })
})

t.test('an abort resolves at once and keeps no socket', async (t) => {
  const server = await udpServer(t, () => {})
  const { context, abort } = shortContext(5, 10)
  const observation = askUdp(askOf(server), context)
  await sleep(20)
  abort()
  t.match(await observation, { outcome: 'local-error', error: 'aborted' })
  await sleep(0)
  t.equal(socketsOpen(), 2, 'those of the server')
})

t.test('trap 18: durations are monotonic: a step of the wall clock changes none', async (t) => {
  const server = await udpServer(t, right)
  const now = Date.now
  t.teardown(() => {
    Date.now = now
  })
  Date.now = () => now() - 94_000 * Math.random()
  const { seconds } = await askUdp(askOf(server), shortContext().context)
  t.ok(seconds !== null && seconds > 0 && seconds < 1)
})

t.test('a name in place of an address, and a name that DNS cannot carry, are programming errors', async (t) => {
  for (const address of ['', 'localhost', '127.0.0.1:53']) {
    await t.rejects(askUdp(askOf({ address, port: 53 }), shortContext().context), TypeError)
  }
  const question = { name: 'a..b', type: 'A', class: 'IN' } as const
  await t.rejects(askUdp(askOf({ address: '127.0.0.1', port: 53 }, { question }), shortContext().context), TypeError)
})

for (const { name, why, start } of realServers) {
  t.test(`against ${name}`, { skip: why }, async (t) => {
    const server = await start(t)
    const ask = askOf(server, { question: { name: 'kubernetes.test', type: 'A', class: 'IN' } })
    for (const socket of ['connected', 'unconnected'] as const) {
      const { context } = shortContext(2, 3)
      t.match(await askUdp({ ...ask, socket }, context), { outcome: 'answered', rcode: 0, answers: ['10.96.0.1'] })
    }
    const missing = askOf(server, { question: { name: 'missing.test', type: 'A', class: 'IN' } })
    t.match(await askUdp(missing, shortContext(2, 3).context), { outcome: 'answered', rcode: 3, answers: [] })
  })
}

const socketsOpen = () => process.getActiveResourcesInfo().filter((name) => name === 'UDPWrap').length
