import { decode } from 'dns-packet'
import t from 'tap'
import { askPair } from '../src/pair.ts'
import type { DnsAsk } from '../src/probe.ts'
import { shortContext } from './context.ts'
import {
  type AnswerOptions,
  answerTo,
  closedPort,
  loopingPointer,
  type Server,
  type UdpBehaviour,
  udpServer,
} from './dns-server.ts'
import { realServers } from './real-server.ts'

const question = { name: 'kubernetes.test', type: 'A', class: 'IN' } as const
const askOf = ({ address, port }: Pick<Server, 'address' | 'port'>): DnsAsk => ({ address, port, question })
const typeOf = (query: Buffer) => decode(query).questions[0]?.type
const answer = (query: Buffer, options: AnswerOptions = {}) =>
  answerTo(query, { rdata: [typeOf(query) === 'A' ? '10.96.0.1' : 'fd00::1'], ...options })

/** Answers only the one type. */
const only =
  (type: string): UdpBehaviour =>
  (query, { send }) => {
    if (typeOf(query) === type) send(answer(query))
  }

t.test('A and AAAA leave one socket, and both answers are one observation', async (t) => {
  const ports = new Set<number>()
  const server = await udpServer(t, (query, { send, fromPort }) => {
    ports.add(fromPort)
    setTimeout(() => send(answer(query)), typeOf(query) === 'A' ? 0 : 40)
  })
  const { context } = shortContext(1, 2)
  const observation = await askPair(askOf(server), context)
  t.match(observation, { outcome: 'answered', rcode: 0, answers: ['10.96.0.1', 'fd00::1'], records: 1, error: null })
  t.ok((observation.seconds ?? 0) > 0.03, 'the time of the later one')
  t.strictSame([server.queries.map(typeOf), ports.size], [['A', 'AAAA'], 1])
  t.not(server.queries[0]?.readUInt16BE(0), server.queries[1]?.readUInt16BE(0), 'two ids')
})

// With a good A answer musl still fails the name where AAAA is SERVFAIL or NXDOMAIN: a pair is no better than its worse half.
t.test('the rcode is that of the A answer, and of the AAAA answer where that is the error', async (t) => {
  for (const [a, aaaa, rcode] of [
    [0, 0, 0],
    [0, 2, 2],
    [0, 3, 3],
    [3, 0, 3],
    [3, 2, 3],
  ] as const) {
    const server = await udpServer(t, (query, { send }) => {
      const of = typeOf(query) === 'A' ? a : aaaa
      send(of === 0 ? answer(query) : answer(query, { rcode: of, rdata: [] }))
    })
    t.match(await askPair(askOf(server), shortContext().context), { outcome: 'answered', rcode }, `${a} and ${aaaa}`)
  }
})

t.test('one answer is partial, and it is said which is missing', async (t) => {
  for (const [type, error] of [
    ['A', 'no AAAA answer'],
    ['AAAA', 'no A answer'],
  ] as const) {
    const server = await udpServer(t, only(type))
    const { context } = shortContext(0.05, 0.1)
    const observation = await askPair(askOf(server), context)
    t.match(observation, { outcome: 'partial', rcode: 0, error, socket: 'connected' })
    t.ok(observation.seconds !== null && observation.seconds > 0)
  }
})

t.test('one answer and a broken one: partial, with what was wrong', async (t) => {
  const server = await udpServer(t, (query, { send }) =>
    send(typeOf(query) === 'A' ? answer(query) : loopingPointer(query)),
  )
  t.match(await askPair(askOf(server), shortContext(0.05, 0.1).context), {
    outcome: 'partial',
    error: 'no AAAA answer: RDATA of type 5',
  })
})

t.test('an answer that comes twice is one answer', async (t) => {
  const server = await udpServer(t, (query, { send }) => {
    if (typeOf(query) === 'A') [send(answer(query)), send(answer(query))]
  })
  t.match(await askPair(askOf(server), shortContext(0.05, 0.1).context), { outcome: 'partial' })
})

t.test('one of them after the deadline: late', async (t) => {
  const server = await udpServer(t, (query, { send }) => {
    setTimeout(() => send(answer(query)), typeOf(query) === 'A' ? 0 : 150)
  })
  const { context } = shortContext(0.05, 5)
  const observation = await askPair(askOf(server), context)
  t.match(observation, { outcome: 'late', answers: ['10.96.0.1', 'fd00::1'] })
  t.ok((observation.seconds ?? 0) > 0.1)
})

t.test('one of them truncated: truncated', async (t) => {
  for (const cut of ['A', 'AAAA']) {
    const server = await udpServer(t, (query, { send }) =>
      send(typeOf(query) === cut ? answer(query, { flags: 0x0380 }) : answer(query)),
    )
    t.match(await askPair(askOf(server), shortContext().context), { outcome: 'truncated' }, cut)
  }
})

t.test('none: timeout, refused, or what came instead', async (t) => {
  const silent = await udpServer(t, () => {})
  t.match(await askPair(askOf(silent), shortContext(0.05, 0.1).context), { outcome: 'timeout', error: null })
  const nobody = { address: '127.0.0.1', port: await closedPort() }
  t.match(await askPair(askOf(nobody), shortContext().context), { outcome: 'refused', error: 'ECONNREFUSED' })
  const broken = await udpServer(t, (query, { send }) => send(loopingPointer(query)))
  t.match(await askPair(askOf(broken), shortContext(0.05, 5).context), { outcome: 'malformed' })
  const short = await udpServer(t, (_query, { send }) => send(Buffer.from('x')))
  t.match(await askPair(askOf(short), shortContext(0.05, 5).context), { outcome: 'malformed', error: '1 octets' })
})

for (const { name, why, start } of realServers) {
  t.test(`against ${name}`, { skip: why }, async (t) => {
    const server = await start(t)
    const observation = await askPair(askOf(server), shortContext(2, 3).context)
    t.match(observation, { outcome: 'answered', answers: ['10.96.0.1', 'fd00::1'] })
  })
}
