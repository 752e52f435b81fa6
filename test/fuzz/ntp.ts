// Reads random and mutated NTP replies.
// node --conditions=@oddnode/source test/fuzz/ntp.ts [cases] [seed]
import fc from 'fast-check'
import { clockOffset, serverDistance } from '../../packages/probes/src/clock-offset.ts'
import { decodeReply, encodeRequest, isProblem, originOf, secondsSince } from '../../packages/probes/src/ntp-message.ts'
import { ntpReply } from '../../packages/probes/test/ntp-server.ts'
import { fuzz } from './run.ts'

const NOW_MILLISECONDS = 1_795_000_000_123
const { message: request, origin } = encodeRequest()
const good = ntpReply(request, NOW_MILLISECONDS / 1000)

/** A good reply with octets changed, perhaps cut or made longer. */
const change = fc.record({ at: fc.nat(47), value: fc.nat(255) })
const length = fc.oneof({ weight: 4, arbitrary: fc.constant(48) }, fc.nat(120))
const mutated = fc.tuple(fc.array(change, { maxLength: 12 }), length).map(([changes, length]) => {
  const message = Buffer.from(good)
  for (const { at, value } of changes) message[at] = value
  return Buffer.concat([message, Buffer.alloc(Math.max(0, length - 48), 0xa5)]).subarray(0, length)
})

/** Anything at all, but with our origin timestamp, so that it is read to its end. */
const ours = fc.uint8Array({ minLength: 48, maxLength: 48 }).map((octets) => {
  const message = Buffer.from(octets)
  message.writeUInt8(((octets[0] ?? 0) & 0xc0) | (4 << 3) | 4)
  origin.copy(message, 24)
  return message
})

const random = fc.uint8Array({ maxLength: 1500 }).map((octets) => Buffer.from(octets))

fuzz({ name: 'ntp', inputs: fc.oneof(mutated, ours, random), holds: isWellRead })

function isWellRead(message: Buffer): boolean {
  const result = decodeReply(message, origin)
  if (isProblem(result)) return result.error.length < 200
  if (message.length < 48 || originOf(message) !== origin.toString('hex')) return false
  const { referenceId, rootDelaySeconds, rootDispersionSeconds, receive, transmit } = result
  const [t2, t3] = [receive, transmit].map((timestamp) => secondsSince(timestamp, NOW_MILLISECONDS)) as [number, number]
  const distance = serverDistance(rootDelaySeconds, rootDispersionSeconds)
  const { offsetSeconds, delaySeconds, uncertaintySeconds } = clockOffset({ t1: 0, t2, t3, t4: 0.02 }, distance)
  const finite = [offsetSeconds, delaySeconds, uncertaintySeconds].every(Number.isFinite)
  return finite && delaySeconds >= 0 && uncertaintySeconds >= 0 && /^[ -~]{0,15}$/.test(referenceId)
}
