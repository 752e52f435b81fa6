// What stands between a client and a DNS server and does to queries and answers what no honest server does.
// middlebox.ts LISTEN-ADDRESS PORT SERVER CHANGE [VALUE] [for=SUFFIX] [not-for=SUFFIX] [over=udp|tcp]
import { createSocket } from 'node:dgram'
import { connect, createServer, type Socket } from 'node:net'
import {
  addressAnswer,
  emptyAnswer,
  hasEdns,
  nameAsked,
  rcodes,
  withLowerCase,
  withoutTruncation,
  withTtl,
} from './dns-bytes.ts'

/** @returns the answer instead of the server's; null for none at all; undefined to ask the server */
type OnQuery = (query: Buffer, value: string) => Buffer | null | undefined

const onQuery: Readonly<Record<string, OnQuery>> = {
  servfail: (query) => emptyAnswer(query, rcodes.SERVFAIL),
  refuse: (query) => emptyAnswer(query, rcodes.REFUSED),
  nxdomain: (query) => emptyAnswer(query, rcodes.NXDOMAIN),
  drop: () => null,
  address: (query, value) => addressAnswer(query, value),
  'drop-edns': (query) => (hasEdns(query) ? null : undefined),
  'formerr-edns': (query) => (hasEdns(query) ? emptyAnswer(query, rcodes.FORMERR) : undefined),
}

const onAnswer: Readonly<Record<string, (answer: Buffer, value: string) => Buffer>> = {
  'lower-case': withLowerCase,
  cut: withoutTruncation,
  ttl: (answer, value) => withTtl(answer, Number(value)),
}

const PATIENCE_MILLISECONDS = 3000
const [listen = '', port = '', server = '', change = '', ...rest] = process.argv.slice(2)
const value = rest.find((word) => !word.includes('=')) ?? ''
const option = (name: string) => rest.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1)
const delayMilliseconds = change === 'delay' ? Number(value) : 0

function concerns(query: Buffer, transport: 'udp' | 'tcp'): boolean {
  const name = nameAsked(query)
  const [only, not, over] = [option('for'), option('not-for'), option('over')]
  return (
    (only === undefined || name.endsWith(only)) &&
    (not === undefined || !name.endsWith(not)) &&
    (over ?? transport) === transport
  )
}

async function answerOf(query: Buffer, transport: 'udp' | 'tcp'): Promise<Buffer | null> {
  const ask = transport === 'udp' ? askOverUdp : askOverTcp
  if (!concerns(query, transport)) return ask(query)
  const instead = onQuery[change]?.(query, value)
  if (instead !== undefined) return instead
  const answer = await ask(query)
  if (delayMilliseconds > 0) await new Promise((done) => setTimeout(done, delayMilliseconds))
  return answer && (onAnswer[change]?.(answer, value) ?? answer)
}

function askOverUdp(query: Buffer): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    const timer = setTimeout(() => settle(null), PATIENCE_MILLISECONDS)
    const settle = (answer: Buffer | null) => {
      clearTimeout(timer)
      socket.close()
      resolve(answer)
    }
    socket.once('message', settle).once('error', () => settle(null))
    socket.send(query, 53, server)
  })
}

function askOverTcp(query: Buffer): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: server, port: 53, timeout: PATIENCE_MILLISECONDS })
    const settle = (answer: Buffer | null) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('error', () => settle(null)).once('timeout', () => settle(null))
    onMessages(socket, settle)
    socket.write(framed(query))
  })
}

/** RFC 1035 section 4.2.2: two octets of length before each message. */
function onMessages(socket: Socket, onMessage: (message: Buffer) => void): void {
  let held = Buffer.alloc(0)
  socket.on('data', (data) => {
    held = Buffer.concat([held, data])
    while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
      const end = 2 + held.readUInt16BE(0)
      onMessage(Buffer.from(held.subarray(2, end)))
      held = held.subarray(end)
    }
  })
}

function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  return Buffer.concat([length, message])
}

const udp = createSocket('udp4')
udp.on('message', (query, { address, port }) => {
  void answerOf(query, 'udp').then((answer) => answer && udp.send(answer, port, address))
})
udp.bind(Number(port), listen)

createServer((client) => {
  client.on('error', () => client.destroy())
  onMessages(client, (query) => {
    void answerOf(query, 'tcp').then((answer) => answer && client.write(framed(answer)))
  })
}).listen(Number(port), listen)
