import fc from 'fast-check'
import t from 'tap'
import { rdataText } from '../src/rdata.ts'

/** The text of RDATA that lies in a message behind `cluster.local`, to which a pointer (c000) leads. */
function text(type: number, rdata: Buffer | string): string | null {
  const octets = typeof rdata === 'string' ? Buffer.from(rdata, 'hex') : rdata
  const length = Buffer.alloc(2)
  length.writeUInt16BE(octets.length)
  const name = Buffer.from('07636c7573746572056c6f63616c00', 'hex')
  const message = Buffer.concat([name, length, octets])
  const resource = { type, ttl: 0, at: name.length + 2, end: message.length }
  return rdataText(message, resource, { left: 100 })
}

t.test('RDATA reads as dig prints it', async (t) => {
  t.equal(text(1, '0a600001'), '10.96.0.1')
  t.equal(text(28, 'fd000000000000000000000000000001'), 'fd00::1')
  for (const type of [2, 5, 12, 39]) t.equal(text(type, '026e73c000'), 'ns.cluster.local')
  t.equal(text(16, Buffer.from('\u00051.1.0\u0007two "w"')), '"1.1.0" "two \\"w\\""')
  const numbers = '0000000700000001000000020000000300000005'
  t.equal(text(6, `026e73c00004686f7374c000${numbers}`), 'ns.cluster.local host.cluster.local 7 1 2 3 5')
  t.equal(text(65_280, '0102ff'), '\\# 3 0102ff')
})

t.test('RDATA that is not of its type is none', async (t) => {
  t.equal(text(1, '0a6000'), null)
  t.equal(text(1, '0a60000101'), null)
  t.equal(text(28, '0a600001'), null)
  t.equal(text(5, 'c00000'), null, 'octets after the name')
  t.equal(text(5, 'c0ff'), null, 'forward pointer')
  t.equal(text(16, '0561'), null)
  t.equal(text(6, '0000'), null)
  t.equal(text(6, '05'), null)
  t.equal(text(6, `c0ffc000${'00'.repeat(20)}`), null)
})

t.test('however long it is, the text is short and printable', async (t) => {
  const strings = Buffer.concat(Array.from({ length: 255 }, () => Buffer.alloc(256, 255)))
  t.equal(text(16, strings)?.length, 512)
  t.equal(text(16, Buffer.alloc(65_000))?.length, 512)
  t.equal(text(10, Buffer.alloc(65_000))?.length, 512)
  const type = fc.constantFrom(1, 2, 6, 16, 28, 99)
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(type, fc.uint8Array({ maxLength: 300 }), (type, rdata) => {
        const shown = text(type, Buffer.from(rdata))
        return shown === null || (shown.length <= 512 && /^[ -~]*$/.test(shown))
      }),
      { numRuns: 1_000 },
    ),
  )
})
