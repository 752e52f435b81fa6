import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import t from 'tap'
import { visibleJson, visibleJsonStream } from '../../src/terminal/json-text.ts'

t.test('deceptive characters become escapes of the same value', async (t) => {
  t.equal(visibleJson('{"a\u202e":"\u009b31m 東京 \u{e0001}"}'), '{"a\\u202e":"\\u009b31m 東京 \\udb40\\udc01"}')
  t.equal(visibleJson('{\n\t"a": 1\r\n}'), '{\n\t"a": 1\r\n}')
})

const hostile = fc.json({ stringUnit: 'binary' })

t.test('any value is the same, and shows itself', async () => {
  fc.assert(
    fc.property(hostile, (json) => {
      const visible = visibleJson(json)
      return (
        JSON.stringify(JSON.parse(visible)) === JSON.stringify(JSON.parse(json)) && !/[\p{Cc}\p{Cf}]/u.test(visible)
      )
    }),
  )
})

t.test('also where characters are cut by packets', async () => {
  await fc.assert(
    fc.asyncProperty(hostile, fc.integer({ min: 1, max: 7 }), async (json, size) => {
      const stream = visibleJsonStream()
      const octets = Buffer.from(json)
      for (let at = 0; at < octets.length; at += size) stream.write(octets.subarray(at, at + size))
      stream.end()
      return (await text(stream)) === visibleJson(octets.toString())
    }),
    { numRuns: 50 },
  )
})
