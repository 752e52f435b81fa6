import { createSocket } from 'node:dgram'
import { isIP } from 'node:net'
import { decodeTrackingReply, encodeTrackingRequest, type Tracking } from './chrony-message.ts'

/** chronyd answers monitoring requests here, from loopback without any right (chrony.conf(5), `cmdport`). */
export const CHRONY_PORT = 323
const LOOPBACKS = ['127.0.0.1', '::1'] as const
const TIMEOUT_MILLISECONDS = 500

/**
 * Asks the chronyd of this network namespace for its tracking: one packet to each loopback address at most. Never rejects.
 * @returns undefined where none answers
 */
export async function askChrony(port = CHRONY_PORT): Promise<Tracking | undefined> {
  for (const address of LOOPBACKS) {
    const tracking = await ask(address, port)
    if (tracking) return tracking
  }
  return undefined
}

/** A connected socket hears nobody else, and is told at once where nobody listens. */
function ask(address: string, port: number): Promise<Tracking | undefined> {
  const family = isIP(address)
  const socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    lookup: (host, _options, done) => done(null, host, family),
  })
  const { message, sequence } = encodeTrackingRequest()
  const { promise, resolve } = Promise.withResolvers<Tracking | undefined>()
  let ended = false
  const end = (tracking?: Tracking) => {
    if (ended) return
    ended = true
    clearTimeout(timer)
    socket.close()
    resolve(tracking)
  }
  const timer = setTimeout(end, TIMEOUT_MILLISECONDS)
  socket.on('error', () => end())
  socket.on('message', (reply) => {
    const tracking = decodeTrackingReply(reply, sequence)
    if (tracking) end(tracking)
  })
  socket.on('connect', () => socket.send(message, (error) => error && end()))
  socket.connect(port, address)
  return promise
}
