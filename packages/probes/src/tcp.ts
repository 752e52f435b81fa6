import { connect, isIP, type Socket } from 'node:net'
import { type Observation, observationOf } from '@oddnode/protocol'
import { attempt, type End } from './attempt.ts'
import { LENGTH_OCTETS, messageReader } from './messages.ts'
import type { DnsAsk, Probe } from './probe.ts'
import { encodeQuery, HEADER_OCTETS, type Query } from './query.ts'
import { MAX_REPLY_OCTETS, readReply } from './reply.ts'
import { failureOf } from './system-error.ts'
import { judged, nearer, type Rejected, rejected } from './verdict.ts'

/**
 * What every connection reads into: a chunk is read and done with in one go. Else each read would get 64 kB of its own, for an
 * answer of a hundred octets.
 */
const readBuffer = Buffer.alloc(4_096)

const LIMITS = { least: HEADER_OCTETS, most: MAX_REPLY_OCTETS }

/**
 * Asks one question over a fresh TCP connection (RFC 7766). `connectSeconds` is the handshake's time, `seconds` the answer's from
 * the write of the query; the deadline counts both.
 *
 * Another message than the answer is remembered, and told if the answer does not come; a broken one ends the wait.
 * @throws TypeError for an address that is none and a name that DNS cannot carry
 */
export const askTcp: Probe<DnsAsk> = async (ask, context) => {
  if (isIP(ask.address) === 0) throw new TypeError(`not an address: ${ask.address}`)
  const query = encodeQuery(ask)
  return attempt(context, (end) => {
    const conversation = converse(ask, query, context.deadlineSeconds, end)
    return {
      atDeadline: conversation.instead,
      atClose: () => conversation.instead() ?? conversation.sofar('timeout'),
      release: conversation.release,
    }
  })
}

function converse({ address, port }: DnsAsk, query: Query, deadlineSeconds: number, end: End) {
  const startedAt = performance.now()
  let connectSeconds: number | null = null
  let sentAt = 0
  let rejection: Rejected | null = null

  const sofar = (outcome: Observation['outcome'], seen: Partial<Observation> = {}) =>
    observationOf(outcome, { ...seen, connectSeconds })
  const instead = () => (rejection === null ? null : sofar(rejection.outcome, rejection))

  const onMessage = (message: Buffer): boolean => {
    const now = performance.now()
    const reading = readReply(query, message)
    if (!('error' in reading)) {
      const inTime = (now - startedAt) / 1000 <= deadlineSeconds
      end(judged(reading, inTime, { seconds: (now - sentAt) / 1000, connectSeconds }))
      return false
    }
    rejection = nearer(rejection, rejected(reading, null))
    if (reading.outcome === 'malformed') end(sofar('malformed', rejection))
    return reading.outcome === 'mismatch'
  }
  const onLength = (octets: number) => end(sofar('malformed', { error: `a message of ${octets} octets` }))

  const chunks = chunksFor(messageReader(LIMITS, onMessage, onLength))
  const socket: Socket = connect({ host: address, port, onread: { buffer: readBuffer, callback: chunks.onRead } })
  socket.on('connect', () => {
    sentAt = performance.now()
    connectSeconds = (sentAt - startedAt) / 1000
    socket.write(framed(query.message))
  })
  socket.on('end', () => end(instead() ?? sofar('closed')))
  socket.on('error', (error) => {
    const { outcome, error: code } = failureOf(error)
    end(instead() ?? sofar(outcome, { error: code }))
  })
  const release = () => {
    chunks.forget()
    socket.removeAllListeners().destroy()
  }
  return { release, sofar, instead }
}

/** A socket that was closed stays in memory until V8's next full collection: it must not keep the conversation, too. */
function chunksFor(reader: (chunk: Buffer) => void) {
  let onChunk: ((chunk: Buffer) => void) | null = reader
  return {
    onRead: (octets: number) => {
      onChunk?.(readBuffer.subarray(0, octets))
      return true
    },
    forget: () => {
      onChunk = null
    },
  }
}

function framed(message: Buffer): Buffer {
  const octets = Buffer.allocUnsafe(LENGTH_OCTETS + message.length)
  octets.writeUInt16BE(message.length, 0)
  message.copy(octets, LENGTH_OCTETS)
  return octets
}
