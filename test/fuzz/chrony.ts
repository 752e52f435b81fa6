// Reads random and mutated replies of chrony's monitoring protocol.
// node --conditions=@oddnode/source test/fuzz/chrony.ts [cases] [seed]
import fc from 'fast-check'
import { decodeTrackingReply, TRACKING_OCTETS } from '../../packages/probes/src/chrony-message.ts'
import { fuzz } from './run.ts'

const SEQUENCE = 0x01020304

/** The header of a reply to us, then anything. */
const ours = fc.tuple(fc.uint8Array({ maxLength: 300 }), fc.nat(3)).map(([octets, status]) => {
  const header = Buffer.alloc(28)
  header.write('06020000002100050000', 'hex')
  header.writeUInt16BE(status, 8)
  header.writeUInt32BE(SEQUENCE, 16)
  return Buffer.concat([header, octets])
})
const change = fc.record({ at: fc.nat(TRACKING_OCTETS), value: fc.nat(255) })
const mutated = fc.tuple(ours, fc.array(change, { maxLength: 6 })).map(([message, changes]) => {
  for (const { at, value } of changes) if (at < message.length) message[at] = value
  return message
})
const random = fc.uint8Array({ maxLength: 1500 }).map((octets) => Buffer.from(octets))

fuzz({ name: 'chrony', inputs: fc.oneof(ours, mutated, random), holds: isWellRead })

function isWellRead(message: Buffer): boolean {
  const tracking = decodeTrackingReply(message, SEQUENCE)
  if (tracking === null) return true
  const { synchronised, maxErrorSeconds } = tracking
  if (maxErrorSeconds === null) return true
  return synchronised === true && Number.isFinite(maxErrorSeconds) && maxErrorSeconds >= 0
}
