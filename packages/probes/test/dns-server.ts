// A DNS server on real sockets whose behaviour a test writes down, and the messages that it sends.
import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer, isIPv6, type Socket as TcpSocket } from 'node:net'
import { decode, encode, type Packet } from 'dns-packet'

/** What tests clean up with. */
type Test = { teardown: (close: () => unknown) => void }

export type Server = { address: string; port: number /** Every query that came, whole. */; queries: Buffer[] }

/** How a UDP server reacts to a query. */
export type UdpBehaviour = (query: Buffer, reply: UdpReply) => void

export type UdpReply = {
  send: (message: Buffer) => void
  /** From another port of the same address. */
  sendFromElsewhere: (message: Buffer) => void
  elsewherePort: number
  fromPort: number
}

/** How a TCP server reacts to a query; `socket` is its end of the connection. */
export type TcpBehaviour = (query: Buffer, socket: TcpSocket) => void

export async function udpServer(t: Test, behaviour: UdpBehaviour, address = '127.0.0.1'): Promise<Server> {
  const [socket, elsewhere] = await Promise.all([boundUdp(t, address), boundUdp(t, address)])
  const queries: Buffer[] = []
  socket.on('message', (query, { port, address: to }) => {
    queries.push(query)
    behaviour(query, {
      send: (message) => socket.send(message, port, to),
      sendFromElsewhere: (message) => elsewhere.send(message, port, to),
      elsewherePort: elsewhere.address().port,
      fromPort: port,
    })
  })
  return { address, port: socket.address().port, queries }
}

export async function tcpServer(t: Test, behaviour: TcpBehaviour, address = '127.0.0.1'): Promise<Server> {
  const open = new Set<TcpSocket>()
  const queries: Buffer[] = []
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    // The probe may be gone before the server has said everything.
    socket.on('error', () => {})
    socket.on('data', (framedQuery) => {
      const query = framedQuery.subarray(2)
      queries.push(query)
      behaviour(query, socket)
    })
  })
  server.listen(0, address)
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return { address, port: (server.address() as AddressInfo).port, queries }
}

async function boundUdp(t: Test, address: string): Promise<UdpSocket> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
  socket.bind(0, address)
  await once(socket, 'listening')
  t.teardown(() => socket.close())
  return socket
}

/** A port of the loopback address that nothing listens on. */
export async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

export type AnswerOptions = Partial<Omit<Packet, 'answers'>> & { rdata?: string[]; rcode?: number; ttl?: number }

const RD_RA = 0x0180

/** The right reply to a query: its id and question, one record of the question's type for each of `rdata`. */
export function answerTo(
  query: Buffer,
  { rdata = ['192.0.2.1'], rcode = 0, ttl = 30, ...also }: AnswerOptions = {},
): Buffer {
  const { id, questions } = decode(query)
  const { name = '.', type = 'A' } = questions[0] ?? {}
  const answers = rdata.map((data) => ({ name, type, class: 'IN', ttl, data }))
  return encode({ id, type: 'response', flags: RD_RA | rcode, questions, answers, ...also })
}

/** A message with its length before it, as over TCP. */
export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  return Buffer.concat([length, message])
}

/** A copy with one 16-bit field changed. */
export function patched(message: Buffer, offset: number, value: number): Buffer {
  const copy = Buffer.from(message)
  copy.writeUInt16BE(value, offset)
  return copy
}

/** The query's header and question as a reply with these counts, and whatever octets after it. */
export function rawReply(
  query: Buffer,
  counts: [answers: number, authorities: number, additionals: number],
  rest: Buffer,
) {
  const { questions } = decode(query)
  const head = encode({ type: 'response', id: query.readUInt16BE(0), flags: RD_RA, questions })
  for (const [i, count] of counts.entries()) head.writeUInt16BE(count, 6 + 2 * i)
  return Buffer.concat([head, rest])
}

const A_RECORD = [0, 1, 0, 1, 0, 0, 0, 30, 0, 4, 192, 0, 2, 1]

/** An A record whose owner name is a compression pointer to `offset`. */
export const pointerRecord = (offset: number) => Buffer.from([0xc0 | (offset >> 8), offset & 0xff, ...A_RECORD])

/** 64 kB of records whose names point to the question. */
export const pointerFlood = (query: Buffer) =>
  rawReply(query, [4_079, 0, 0], Buffer.concat(Array.from({ length: 4_079 }, () => pointerRecord(12))))

/** A CNAME whose target points to itself. */
export function loopingPointer(query: Buffer): Buffer {
  const head = Buffer.from([0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 30, 0, 2])
  const { length } = rawReply(query, [1, 0, 0], head)
  return rawReply(query, [1, 0, 0], Buffer.concat([head, Buffer.from([0xc0 | (length >> 8), length & 0xff])]))
}

/** Claims 65,535 answers and has none. */
export const claimedRecords = (query: Buffer) => rawReply(query, [65_535, 0, 0], Buffer.alloc(0))
