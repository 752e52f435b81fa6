import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { isIP, SocketAddress } from 'node:net'
import type { Observation } from '@oddnode/protocol'
import { attempt, type End } from './attempt.ts'
import type { DnsAsk, ProbeContext } from './probe.ts'
import { ANY_PORT, drawPort, type PortRange, readClientPorts } from './source-port.ts'
import { type Failure, failureOf } from './system-error.ts'

/** Fresh ports that are tried before the kernel chooses. */
const PORT_DRAWS = 4

/** What is made of what one UDP socket sees. An observation ends the exchange, null goes on listening. */
export type DatagramHandler = {
  /**
   * @param source `address:port`, `[address]:port` for IPv6, where it is not who was asked: only an unconnected socket sees that
   * @param seconds since the first message was sent, on the monotonic clock
   */
  onDatagram: (message: Buffer, source: string | null, seconds: number) => Observation | null
  onFailure: (failure: Failure) => Observation
  atDeadline: () => Observation | null
  atClose: () => Observation
}

/** To whom, and from where. */
export type Route = Pick<DnsAsk, 'address' | 'port' | 'socket' | 'sourcePort'>

/** Read once: it is what the network namespace was set up with. */
let clientPorts: readonly PortRange[] | undefined

/**
 * Sends messages back to back from one UDP socket and listens until the handler or the context ends it.
 * @throws TypeError if the address is none
 */
export function exchangeDatagrams(
  route: Route,
  messages: readonly Buffer[],
  context: ProbeContext,
  handler: DatagramHandler,
): Promise<Observation> {
  const family = isIP(route.address)
  if (family === 0) throw new TypeError(`not an address: ${route.address}`)
  return attempt(context, (end) => {
    const type = family === 6 ? 'udp6' : 'udp4'
    const socket = createSocket({ type, lookup: lookups[type] })
    bind(socket, route.sourcePort, {
      onBound: () => converse(socket, route, messages, handler, end),
      onError: (error) => end(handler.onFailure({ outcome: 'local-error', error: failureOf(error).error })),
    })
    return { atDeadline: handler.atDeadline, atClose: handler.atClose, release: () => socket.close() }
  })
}

/** Addresses are never looked up: `node:dns` would follow the machine's own configuration. */
const asItIs =
  (family: number) =>
  (address: string, _options: unknown, found: (error: null, address: string, family: number) => void): void =>
    found(null, address, family)
const lookups = { udp4: asItIs(4), udp6: asItIs(6) }

type Bound = { onBound: () => void; onError: (error: NodeJS.ErrnoException) => void }

/** Binds to the given source port, or else to a fresh random one. */
function bind(socket: Socket, sourcePort: number | undefined, { onBound, onError }: Bound) {
  let draws = sourcePort === undefined ? PORT_DRAWS : 0
  const tryPort = (port: number) => socket.bind({ port, exclusive: true })
  const onBindError = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' || draws === 0) return onError(error)
    draws--
    tryPort(draws === 0 ? ANY_PORT : freshPort())
  }
  socket.on('error', onBindError)
  socket.on('listening', () => {
    socket.off('error', onBindError)
    onBound()
  })
  tryPort(sourcePort ?? freshPort())
}

function freshPort(): number {
  clientPorts ??= readClientPorts()
  return drawPort(clientPorts)
}

/** Sends and listens. */
function converse(socket: Socket, route: Route, messages: readonly Buffer[], handler: DatagramHandler, end: End) {
  const { address, port } = route
  const connected = route.socket !== 'unconnected'
  let sentAt = 0
  const onError = (error: NodeJS.ErrnoException | null) => {
    if (error) end(handler.onFailure(failureOf(error)))
  }
  socket.on('error', onError)
  socket.on('message', (message, sender) => {
    const seconds = (performance.now() - sentAt) / 1000
    const observation = handler.onDatagram(message, connected ? null : foreignSource(sender, route), seconds)
    if (observation) end(observation)
  })
  const send = () => {
    sentAt = performance.now()
    for (const message of messages) {
      if (connected) socket.send(message, onError)
      else socket.send(message, port, address, onError)
    }
  }
  // Without a callback, connect tells of its error as an event.
  if (!connected) return send()
  socket.on('connect', send)
  socket.connect(port, address)
}

function foreignSource(sender: RemoteInfo, { address, port }: Route): string | null {
  const { family } = sender
  if (sender.port === port && canonical(sender.address, family) === canonical(address, family)) return null
  return family === 'IPv6' ? `[${sender.address}]:${sender.port}` : `${sender.address}:${sender.port}`
}

/** One spelling for one address: IPv6 has many (RFC 5952), and the kernel adds the zone to link-local ones. */
function canonical(address: string, family: 'IPv4' | 'IPv6'): string {
  if (family === 'IPv4') return address
  return new SocketAddress({ address: address.replace(/%.*$/, ''), family: 'ipv6' }).address
}
