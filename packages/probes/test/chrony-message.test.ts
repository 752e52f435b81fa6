import fc from 'fast-check'
import t from 'tap'
import { decodeTrackingReply, encodeTrackingRequest, floatOf, TRACKING_OCTETS } from '../src/chrony-message.ts'

const SEQUENCE = 0xfedcba98

/** A reply of chronyd 4.3 that follows a server: the octets that came over the wire. */
function reply(changed: Record<number, Buffer> = {}): Buffer {
  const message = Buffer.alloc(TRACKING_OCTETS)
  message.write('060200000021000500000000000000', 'hex')
  message.writeUInt32BE(SEQUENCE, 16)
  message.writeUInt32BE(0x7f000001, 28)
  message.writeUInt16BE(3, 52)
  for (const [at, octets] of Object.entries(changed)) octets.copy(message, Number(at))
  return message
}
const word = (bits: number) => {
  const octets = Buffer.alloc(4)
  octets.writeUInt32BE(bits >>> 0)
  return octets
}
/** chrony's format of a number whose coefficient has 25 bits. */
const float = (exponent: number, coefficient: number) => word((exponent << 25) | (coefficient & 0x1ffffff))

t.test('the request: a header, and as many octets as its reply has', async (t) => {
  const { message, sequence } = encodeTrackingRequest()
  t.equal(message.length, TRACKING_OCTETS)
  t.equal(message.subarray(0, 8).toString('hex'), '0601000000210000')
  t.equal(message.readUInt32BE(8), sequence)
  t.not(encodeTrackingRequest().sequence, encodeTrackingRequest().sequence, 'a new number each time')
})

t.test('numbers: 2^(exponent - 25) × coefficient, both signed', async (t) => {
  const cases: [exponent: number, coefficient: number, value: number][] = [
    [1, 1 << 23, 0.5],
    [1, -(1 << 23), -0.5],
    [0, 0, 0],
    [-20, 1 << 23, 2 ** -22],
    [63, (1 << 24) - 1, ((1 << 24) - 1) * 2 ** 38],
    [-64, -(1 << 24), -(2 ** -65)],
  ]
  for (const [exponent, coefficient, value] of cases) {
    t.equal(floatOf(float(exponent, coefficient).readUInt32BE(0)), value, String(value))
  }
})

t.test('the largest error: correction, root dispersion and half the root delay', async (t) => {
  const message = reply({ 68: float(-3, -(1 << 23)), 92: float(1, 1 << 23), 96: float(0, 1 << 23) })
  t.strictSame(decodeTrackingReply(message, SEQUENCE), { synchronised: true, maxErrorSeconds: 0.03125 + 0.25 + 0.25 })
})

t.test('unsynchronised: so says the leap indicator, or it follows its own clock', async (t) => {
  const not = { synchronised: false, maxErrorSeconds: null }
  t.strictSame(decodeTrackingReply(reply({ 54: Buffer.from([0, 3]) }), SEQUENCE), not)
  t.strictSame(decodeTrackingReply(reply({ 28: word(0x7f7f0101) }), SEQUENCE), not)
})

t.test('a reply that does not tell shows a chronyd', async (t) => {
  const unknown = { synchronised: null, maxErrorSeconds: null }
  t.strictSame(decodeTrackingReply(reply({ 8: Buffer.from([0, 2]) }), SEQUENCE), unknown, 'refused')
  t.strictSame(decodeTrackingReply(reply({ 0: Buffer.from([7]) }), SEQUENCE), unknown, 'a later version')
  t.strictSame(decodeTrackingReply(reply({ 6: Buffer.from([0, 9]) }), SEQUENCE), unknown, 'a later reply')
  t.strictSame(decodeTrackingReply(reply().subarray(0, 60), SEQUENCE), unknown, 'cut')
})

t.test('what is no reply to us', async (t) => {
  t.equal(decodeTrackingReply(reply(), SEQUENCE - 1), null, 'another sequence number')
  t.equal(decodeTrackingReply(encodeTrackingRequest(SEQUENCE).message, SEQUENCE), null, 'a request')
  t.equal(decodeTrackingReply(reply({ 4: Buffer.from([0, 34]) }), SEQUENCE), null, 'of another command')
  t.equal(decodeTrackingReply(reply().subarray(0, 20), SEQUENCE), null, 'cut')
})

t.test('whatever comes, the numbers are finite and not negative', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 76, maxLength: 76 }), (octets) => {
        const read = decodeTrackingReply(reply({ 28: Buffer.from(octets) }), SEQUENCE)
        const seconds = read?.maxErrorSeconds ?? 0
        return Number.isFinite(seconds) && seconds >= 0
      }),
    ),
  )
})
