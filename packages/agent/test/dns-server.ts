// A DNS server that answers over UDP and TCP on one port, and what it was asked.
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/** An RCODE, or what it does instead of answering. */
export type Behaviour = number | 'silent' | 'truncated'

export type Query = {
  transport: 'udp' | 'tcp'
  /** As it was on the wire, case included, without the final dot. */
  name: string
  sourcePort: number
  /** `performance.now()` in seconds. */
  at: number
}

export type DnsServer = {
  port: number
  queries: Query[]
  /** How it answers from now on. */
  behave: (to: Behaviour | ((query: Query) => Behaviour)) => void
}

type Test = { teardown: (close: () => unknown) => void }

const QR = 0x8000
const TC = 0x0200

export async function dnsServer(t: Test, first: Behaviour | ((query: Query) => Behaviour) = 0): Promise<DnsServer> {
  const queries: Query[] = []
  let behaviour = first
  const react = (message: Buffer, transport: Query['transport'], sourcePort: number): Buffer | null => {
    const query = { transport, name: nameOf(message), sourcePort, at: performance.now() / 1000 }
    queries.push(query)
    return replyTo(message, typeof behaviour === 'function' ? behaviour(query) : behaviour)
  }
  const { udp, tcp } = await bindBoth()
  udp.on('message', (message, { port, address }) => {
    const reply = react(message, 'udp', port)
    if (reply) udp.send(reply, port, address)
  })
  tcp.on('connection', (socket) => {
    t.teardown(() => socket.destroy())
    socket.on('error', () => undefined)
    socket.on('data', (framed: Buffer) => {
      const reply = react(framed.subarray(2), 'tcp', socket.remotePort ?? 0)
      if (reply) socket.write(Buffer.concat([Buffer.from([reply.length >> 8, reply.length & 0xff]), reply]))
    })
  })
  t.teardown(() => {
    udp.close()
    tcp.close()
  })
  return {
    port: udp.address().port,
    queries,
    behave: (to) => {
      behaviour = to
    },
  }
}

/** The same port over both transports; another one where UDP has it taken. */
async function bindBoth(): Promise<{ udp: Socket; tcp: ReturnType<typeof createServer> }> {
  const tcp = createServer().listen(0, '127.0.0.1')
  await once(tcp, 'listening')
  const udp = createSocket('udp4')
  udp.bind((tcp.address() as AddressInfo).port, '127.0.0.1')
  try {
    await once(udp, 'listening')
    return { udp, tcp }
  } catch {
    udp.close()
    tcp.close()
    return bindBoth()
  }
}

/** The question comes back as it was, with no record. */
function replyTo(query: Buffer, behaviour: Behaviour): Buffer | null {
  if (behaviour === 'silent') return null
  const reply = Buffer.from(query.subarray(0, questionEnd(query)))
  const rcode = behaviour === 'truncated' ? TC : behaviour
  reply.writeUInt16BE((query.readUInt16BE(2) & 0x7900) | QR | rcode, 2)
  reply.writeUInt32BE(0, 6)
  reply.writeUInt16BE(0, 10)
  return reply
}

function questionEnd(message: Buffer): number {
  let at = 12
  while (message[at]) at += (message[at] ?? 0) + 1
  return at + 5
}

function nameOf(message: Buffer): string {
  const labels: string[] = []
  for (let at = 12; message[at]; at += (message[at] ?? 0) + 1) {
    labels.push(message.toString('latin1', at + 1, at + 1 + (message[at] ?? 0)))
  }
  return labels.join('.')
}

/** NXDOMAIN for what must not exist, else NOERROR: what a healthy CoreDNS says. */
export const healthy = ({ name }: Query): Behaviour => (name.startsWith('p') || name.endsWith('.invalid') ? 3 : 0)
