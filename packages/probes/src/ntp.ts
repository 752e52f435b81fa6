import { createSocket, type Socket } from 'node:dgram'
import { isIP } from 'node:net'
import type { ClockOutcome, ClockSample } from '@oddnode/protocol'
import { type ClockOffset, clockOffset, serverDistance } from './clock-offset.ts'
import { decodeReply, encodeRequest, isProblem, type NtpReply, originOf, secondsSince } from './ntp-message.ts'
import type { ProbeContext } from './probe.ts'
import { failureOf } from './system-error.ts'
import { anchorWallClock, type WallClock } from './wall-clock.ts'

/** An NTP server by its address: probes resolve nothing. */
export type NtpAddress = { address: string; port: number }

/** `closeSeconds`: how long a reply to the last request is waited for. */
export type NtpContext = Pick<ProbeContext, 'signal' | 'closeSeconds'>

type Failure = { outcome: Exclude<ClockOutcome, 'answered'>; error: string; reply?: NtpReply }
/** Its uncertainty is that of the exchange alone: by it readings compare. */
type Reading = ClockOffset & { reply: NtpReply }
type Request = { origin: Buffer; t1: number }

/** What one measurement learns. */
type Measurement = {
  clock: WallClock
  /** Requests without a reply, by origin timestamp. */
  pending: Map<string, Request>
  readings: Reading[]
  failure?: Failure
}

const EXCHANGES = 4
/** One pair more where the machine was busy: six in all, within servers' rate limits (chrony's takes a burst of eight). */
const MORE_EXCHANGES = 2
/** The smallest delay is believed if another is at most so many times as long. */
const CONFIRMING_RATIO = 1.5
/** Pairs are far enough apart for one pause of a busy machine. */
const SPACING_MILLISECONDS = 100
/** What is less is drift, not a clock that was set. */
const STEP_SECONDS = 0.003
const NOT_OURS = Buffer.alloc(0)
const aborted: Failure = { outcome: 'local-error', error: 'aborted' }

/**
 * Measures this node's clock against an NTP server: four exchanges on one connected socket, of which the one with the smallest
 * delay counts. A missing reply matters only where none came. They go in pairs: a reply to the first of a pair sends the second at
 * once, because code and kernel paths that were just used are several times faster, and more alike in both directions.
 *
 * A third pair follows where no other delay confirms the smallest: each was perhaps met by a pause of this process, which we cannot
 * see, since Node.js has no timestamps of the kernel. On a fully loaded machine that is every third measurement.
 *
 * Resolves for every measured failure, within `closeSeconds` + 0.4 s, and at once when the signal aborts (`local-error`).
 *
 * What the reading is off by is half the difference between the way there (T1, `send`, the server's stamp) and the way back
 * (the event loop's wake-up, T4). It is always within `uncertaintySeconds`.
 *
 * @param anchor a test hands in clocks that are set
 * @throws TypeError if the address is none
 */
export async function measureNtp(
  server: NtpAddress,
  context: NtpContext,
  anchor: () => WallClock = anchorWallClock,
): Promise<ClockSample> {
  if (context.signal.aborted) return failed(server, aborted)
  const socket = await connect(server)
  if ('outcome' in socket) return failed(server, socket)
  const measurement: Measurement = { clock: anchor(), pending: new Map(), readings: [] }
  await converse(socket, measurement, context)
  return sampleOf(server, measurement)
}

/** A connected socket is told of ICMP errors and hears nobody else. */
function connect({ address, port }: NtpAddress): Promise<Socket | Failure> {
  const family = isIP(address)
  if (family === 0) throw new TypeError(`not an address: ${address}`)
  // The default lookup is node:dns, which may ask the resolvers that are on trial.
  const socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    lookup: (host, _options, done) => done(null, host, family),
  })
  return new Promise((resolve) => {
    const onError = (error: Error) => {
      socket.close()
      resolve(socketFailure(error))
    }
    socket.once('error', onError)
    socket.once('connect', () => {
      socket.off('error', onError)
      resolve(socket)
    })
    socket.connect(port, address)
  })
}

/** Sends the requests and hears the replies until all came, something ends it, or the time is over. Closes the socket. */
function converse(socket: Socket, measurement: Measurement, { signal, closeSeconds }: NtpContext): Promise<void> {
  const { clock, pending } = measurement
  const { promise, resolve } = Promise.withResolvers<void>()
  let unsent = EXCHANGES
  let more = MORE_EXCHANGES
  let pacing: NodeJS.Timeout | undefined
  let closing: NodeJS.Timeout | undefined
  let ended = false

  const end = (failure?: Failure) => {
    if (ended) return
    ended = true
    if (failure) measurement.failure = failure
    clearTimeout(pacing)
    clearTimeout(closing)
    signal.removeEventListener('abort', onAbort)
    socket.close()
    resolve()
  }
  const onAbort = () => end(aborted)
  const next = () => {
    unsent--
    clearTimeout(pacing)
    if (unsent > 0) pacing = setTimeout(next, SPACING_MILLISECONDS)
    // A third pair has to do with what is left of the wait for the second.
    else closing ??= setTimeout(end, closeSeconds * 1000)
    send(socket, measurement, (error) => error && end(socketFailure(error)))
  }
  const finish = () => {
    if (more === 0 || isConfirmed(measurement.readings)) return end()
    unsent = more
    more = 0
    pacing = setTimeout(next, SPACING_MILLISECONDS)
  }

  signal.addEventListener('abort', onAbort)
  socket.on('error', (error) => end(socketFailure(error)))
  socket.on('message', (message) => {
    const t4 = clock.elapsedSeconds()
    const heard = hear(message, t4, measurement)
    if (heard === 'ignored') return
    if (heard !== 'reading') end(heard)
    else if (unsent % 2 === 1) next()
    else if (unsent === 0 && pending.size === 0) finish()
  })
  if (signal.aborted) onAbort()
  else next()
  return promise
}

function send(socket: Socket, { clock, pending }: Measurement, done: (error: Error | null) => void): void {
  const { message, origin } = encodeRequest()
  const request = { origin, t1: 0 }
  pending.set(origin.toString('hex'), request)
  request.t1 = clock.elapsedSeconds()
  socket.send(message, done)
}

/** Takes one message. A failure is what the server itself said, after which asking on is useless. */
function hear(message: Buffer, t4: number, measurement: Measurement): 'reading' | 'ignored' | Failure {
  const { clock, pending, readings } = measurement
  const origin = originOf(message) ?? ''
  const request = pending.get(origin)
  const reply = decodeReply(message, request?.origin ?? NOT_OURS)
  if (request && !isProblem(reply)) {
    pending.delete(origin)
    readings.push(readingOf(reply, request.t1, t4, clock))
    return 'reading'
  }
  if (!isProblem(reply)) return 'ignored'
  if (reply.outcome === 'kiss-of-death' || reply.outcome === 'unsynchronised') return reply
  // Anyone can send such a message: the true reply may still come, and a reading makes it forgotten.
  measurement.failure ??= reply
  return 'ignored'
}

/** Is the smallest delay no accident? */
function isConfirmed(readings: readonly Reading[]): boolean {
  const [smallest, next] = readings.map((reading) => reading.uncertaintySeconds).toSorted((a, b) => a - b)
  return smallest !== undefined && next !== undefined && next <= CONFIRMING_RATIO * smallest
}

function readingOf(reply: NtpReply, t1: number, t4: number, clock: WallClock): Reading {
  const t2 = secondsSince(reply.receive, clock.anchorUnixMilliseconds)
  const t3 = secondsSince(reply.transmit, clock.anchorUnixMilliseconds)
  return { ...clockOffset({ t1, t2, t3, t4 }, clock.uncertaintySeconds), reply }
}

function sampleOf(server: NtpAddress, { clock, readings, failure }: Measurement): ClockSample {
  if (failure === aborted) return failed(server, aborted)
  const best = readings.toSorted((a, b) => a.uncertaintySeconds - b.uncertaintySeconds)[0]
  if (best === undefined) return failed(server, failure ?? { outcome: 'timeout', error: 'no reply' })
  const stepped = clock.steppedSeconds()
  if (Math.abs(stepped) > STEP_SECONDS + clock.uncertaintySeconds) {
    return failed(server, { outcome: 'local-error', error: `clock set by ${stepped.toFixed(3)} s meanwhile` })
  }
  const { offsetSeconds, uncertaintySeconds, delaySeconds, reply } = best
  return {
    reference: { kind: 'ntp', address: server.address },
    outcome: 'answered',
    offsetSeconds,
    uncertaintySeconds: uncertaintySeconds + serverDistance(reply.rootDelaySeconds, reply.rootDispersionSeconds),
    delaySeconds,
    ...described(reply),
    // A server that answered and then asked us to slow down is read, and the agent is told.
    ...(failure?.outcome === 'kiss-of-death' ? { error: failure.error } : {}),
  }
}

const failed = (server: NtpAddress, { outcome, error, reply }: Failure): ClockSample => ({
  reference: { kind: 'ntp', address: server.address },
  outcome,
  offsetSeconds: null,
  uncertaintySeconds: null,
  delaySeconds: null,
  ...(reply ? described(reply) : {}),
  error,
})

const described = ({ stratum, leap, referenceId, rootDelaySeconds, rootDispersionSeconds }: NtpReply) => ({
  stratum,
  leap,
  referenceId,
  rootDelaySeconds,
  rootDispersionSeconds,
})

function socketFailure(cause: Error): Failure {
  const { outcome, error } = failureOf(cause)
  switch (outcome) {
    case 'refused':
    case 'unreachable':
    case 'denied':
      return { outcome, error }
    default:
      return { outcome: 'local-error', error }
  }
}
