import { randomBytes } from 'node:crypto'
import { serverDistance } from './clock-offset.ts'

/** An NTP timestamp (RFC 5905 section 6): seconds of its era, 0 … 2^32 − 1, and fractions of 2^−32 s. */
export type NtpTimestamp = { seconds: number; fraction: number }

/** What a server says of itself and of the time (RFC 5905 section 7.3). */
export type NtpReply = {
  leap: number
  stratum: number
  /** Four ASCII characters for stratum 0 and 1, an IPv4 address (or a hash of an IPv6 one that looks like it) above. */
  referenceId: string
  rootDelaySeconds: number
  rootDispersionSeconds: number
  reference: NtpTimestamp
  /** T2 */
  receive: NtpTimestamp
  /** T3 */
  transmit: NtpTimestamp
}

/** A reply that is no reading: its outcome, why in words, and what it said where it could be read. */
export type NtpProblem = {
  outcome: 'malformed' | 'mismatch' | 'kiss-of-death' | 'unsynchronised'
  error: string
  reply?: NtpReply
}

const MESSAGE_OCTETS = 48
/** We ask without extension fields (RFC 7822), so none belong into a reply. `ntp-time-sync` needs half a second for 64 kB of them. */
const MAX_MESSAGE_OCTETS = 512
const CLIENT_MODE = 3
const SERVER_MODE = 4
const VERSION = 4
const UNSYNCHRONISED_LEAP = 3
const MAX_STRATUM = 16
/** Kiss codes that ask the client to change its ways (RFC 5905 section 7.4); the others say that the server has no time. */
const KISS_CODES = ['RATE', 'DENY', 'RSTR']
/** RFC 5905 appendix A.1.1: MAXDIST is 1 s; ntpd and the catalogue's T-08 take 1.5. */
const MAX_DISTANCE_SECONDS = 1.5
const MAX_REFERENCE_AGE_SECONDS = 86_400
/** Seconds from 1900, where era 0 begins, to 1970. */
const UNIX_EPOCH_SECONDS = 2_208_988_800
const ERA_SECONDS = 2 ** 32

const ORIGIN_AT = 24
const TRANSMIT_AT = 40

/**
 * A client request of version 4. Its transmit timestamp is random instead of our time: the server returns it as the origin
 * timestamp, so it proves that a reply is to this request and tells nobody what our clock says
 * (draft-ietf-ntp-data-minimization).
 */
export function encodeRequest(): { message: Buffer; origin: Buffer } {
  const origin = randomBytes(8)
  const message = Buffer.alloc(MESSAGE_OCTETS)
  message[0] = (VERSION << 3) | CLIENT_MODE
  origin.copy(message, TRANSMIT_AT)
  return { message, origin }
}

/** The origin timestamp of a message, by which a reply finds its request; undefined if the message is too short to have one. */
export const originOf = (message: Buffer): string | undefined =>
  message.length < MESSAGE_OCTETS ? undefined : message.toString('hex', ORIGIN_AT, ORIGIN_AT + 8)

/**
 * Reads and judges a server's reply. Never throws, whatever the octets.
 * @param origin the random timestamp of the request
 * @returns the reply if its time may be used, else what is wrong with it
 */
export function decodeReply(message: Buffer, origin: Buffer): NtpReply | NtpProblem {
  return formProblem(message, origin) ?? timeProblem(replyOf(message)) ?? replyOf(message)
}

export const isProblem = (result: NtpReply | NtpProblem): result is NtpProblem => 'outcome' in result

/**
 * Seconds from a Unix instant to a timestamp, to a nanosecond where the two are near. A timestamp has no era: the one nearest to
 * the instant is meant (RFC 5905 section 6), so this is right within 68 years, and over the end of era 0 in 2036.
 */
export function secondsSince(timestamp: NtpTimestamp, unixMilliseconds: number): number {
  const unixSeconds = Math.floor(unixMilliseconds / 1000)
  const whole = nearestEra(timestamp.seconds - UNIX_EPOCH_SECONDS - unixSeconds)
  return whole + (timestamp.fraction / ERA_SECONDS - (unixMilliseconds - unixSeconds * 1000) / 1000)
}

const nearestEra = (seconds: number): number => seconds - Math.round(seconds / ERA_SECONDS) * ERA_SECONDS

/** Is it a server's reply to our request at all? */
function formProblem(message: Buffer, origin: Buffer): NtpProblem | undefined {
  if (message.length < MESSAGE_OCTETS || message.length > MAX_MESSAGE_OCTETS)
    return { outcome: 'malformed', error: `${message.length} octets` }
  const first = message.readUInt8(0)
  const mode = first & 7
  const version = (first >> 3) & 7
  if (mode !== SERVER_MODE) return { outcome: 'malformed', error: `mode ${mode}` }
  // A server may answer with an older version than it was asked in (w32time says 3).
  if (version < 1 || version > VERSION) return { outcome: 'malformed', error: `version ${version}` }
  const echoed = message.subarray(ORIGIN_AT, ORIGIN_AT + 8)
  if (!echoed.equals(origin)) return { outcome: 'mismatch', error: 'origin timestamp is not ours' }
  return undefined
}

/** Does the server have the time? */
function timeProblem(reply: NtpReply): NtpProblem | undefined {
  if (reply.stratum === 0 && KISS_CODES.includes(reply.referenceId)) {
    return { outcome: 'kiss-of-death', error: `kiss-o'-death ${reply.referenceId}`, reply }
  }
  const error = unsynchronised(reply)
  return error === undefined ? undefined : { outcome: 'unsynchronised', error, reply }
}

function unsynchronised(reply: NtpReply): string | undefined {
  const { leap, stratum, referenceId, transmit, reference } = reply
  if (stratum === 0) return `stratum 0, ${referenceId || 'no reference'}`
  if (stratum >= MAX_STRATUM) return `stratum ${stratum}`
  if (leap === UNSYNCHRONISED_LEAP) return 'leap indicator 3'
  if (isZero(transmit) || isZero(reply.receive)) return 'no timestamp'
  const distance = serverDistance(reply.rootDelaySeconds, reply.rootDispersionSeconds)
  if (distance > MAX_DISTANCE_SECONDS) return `root distance ${distance.toFixed(3)} s`
  // Zero is "not said": some appliances never set it.
  const age = nearestEra(transmit.seconds - reference.seconds)
  if (!isZero(reference) && age > MAX_REFERENCE_AGE_SECONDS) return `reference time ${age} s old`
  return undefined
}

const isZero = ({ seconds, fraction }: NtpTimestamp): boolean => seconds === 0 && fraction === 0

function replyOf(message: Buffer): NtpReply {
  const stratum = message.readUInt8(1)
  return {
    leap: message.readUInt8(0) >> 6,
    stratum,
    referenceId: referenceIdText(message.subarray(12, 16), stratum),
    rootDelaySeconds: message.readUInt32BE(4) / 2 ** 16,
    rootDispersionSeconds: message.readUInt32BE(8) / 2 ** 16,
    reference: timestampAt(message, 16),
    receive: timestampAt(message, 32),
    transmit: timestampAt(message, TRANSMIT_AT),
  }
}

const timestampAt = (message: Buffer, at: number): NtpTimestamp => ({
  seconds: message.readUInt32BE(at),
  fraction: message.readUInt32BE(at + 4),
})

/** RFC 5905 section 7.3: a code for stratum 0 and 1; octets that no code has are shown in hexadecimal. */
function referenceIdText(octets: Buffer, stratum: number): string {
  if (stratum > 1) return octets.join('.')
  const code = octets.toString('latin1').replace(/\0+$/, '')
  return /^[\x20-\x7e]*$/.test(code) ? code : octets.toString('hex')
}
