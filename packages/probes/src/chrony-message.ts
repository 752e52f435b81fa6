import { randomInt } from 'node:crypto'

/**
 * chrony's monitoring protocol, version 6, as far as `tracking` goes: `CMD_Request`, `CMD_Reply` and `RPY_Tracking` of chrony's candm.h.
 * All integers are big-endian.
 */
const VERSION = 6
const REQUEST = 1
const REPLY = 2
const TRACKING_REQUEST = 33
const TRACKING_REPLY = 5
const SUCCESS = 0

/** A request is as long as its reply, or chronyd does not answer: nobody shall amplify traffic by it. */
export const TRACKING_OCTETS = 104
const HEADER_OCTETS = 28
const AT = {
  type: 1,
  command: 4,
  /** In a request; in a reply the kind of reply is at 6 and its status at 8. */
  requestSequence: 8,
  reply: 6,
  status: 8,
  replySequence: 16,
  referenceId: 28,
  leap: 54,
  correction: 68,
  rootDelay: 92,
  rootDispersion: 96,
} as const

const UNSYNCHRONISED_LEAP = 3
/** 127.127.1.1: chronyd follows nobody but its own clock (its option `local`). */
const OWN_CLOCK = 0x7f7f0101
const SEQUENCES = 2 ** 32

/** What chronyd says of its clock; null where it says nothing of it. */
export type Tracking = {
  /** It follows another clock. */
  synchronised: boolean | null
  /** Seconds by which the clock may be off at most, as chrony's documentation of `tracking` has it. */
  maxErrorSeconds: number | null
}

export type TrackingRequest = { message: Buffer; sequence: number }

export function encodeTrackingRequest(sequence = randomInt(SEQUENCES)): TrackingRequest {
  const message = Buffer.alloc(TRACKING_OCTETS)
  message.writeUInt8(VERSION, 0)
  message.writeUInt8(REQUEST, AT.type)
  message.writeUInt16BE(TRACKING_REQUEST, AT.command)
  message.writeUInt32BE(sequence, AT.requestSequence)
  return { message, sequence }
}

/**
 * Reads a reply to the request with this sequence number. Never throws.
 * @returns null for what is none; one that says anything but what is read here (a refusal, another version) still shows a chronyd
 */
export function decodeTrackingReply(message: Buffer, sequence: number): Tracking | null {
  if (message.length < HEADER_OCTETS || message.readUInt8(AT.type) !== REPLY) return null
  if (message.readUInt16BE(AT.command) !== TRACKING_REQUEST) return null
  if (message.readUInt32BE(AT.replySequence) !== sequence) return null
  const isTracking =
    message.readUInt8(0) === VERSION &&
    message.readUInt16BE(AT.status) === SUCCESS &&
    message.readUInt16BE(AT.reply) === TRACKING_REPLY &&
    message.length >= TRACKING_OCTETS
  return isTracking ? trackingOf(message) : { synchronised: null, maxErrorSeconds: null }
}

function trackingOf(message: Buffer): Tracking {
  const synchronised =
    message.readUInt16BE(AT.leap) !== UNSYNCHRONISED_LEAP && message.readUInt32BE(AT.referenceId) !== OWN_CLOCK
  const [correction, delay, dispersion] = [AT.correction, AT.rootDelay, AT.rootDispersion].map((at) =>
    floatOf(message.readUInt32BE(at)),
  ) as [number, number, number]
  const maxErrorSeconds = Math.abs(correction) + Math.max(0, dispersion) + Math.max(0, delay) / 2
  // Without a source the numbers are those of a clock that nobody looked at.
  return { synchronised, maxErrorSeconds: synchronised ? maxErrorSeconds : null }
}

/** chrony's own format: 7 bits of signed exponent, 25 bits of signed coefficient; 2^(exponent - 25) × coefficient. */
export function floatOf(bits: number): number {
  const exponent = bits >> 25
  const coefficient = (bits << 7) >> 7
  return coefficient * 2 ** (exponent - 25)
}
