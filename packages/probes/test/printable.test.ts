import fc from 'fast-check'
import t from 'tap'
import { printable } from '../src/printable.ts'

t.test('what is not printable is escaped', async (t) => {
  t.equal(printable(Buffer.from('a\u001b[31m\n\\"')), 'a\\027[31m\\010\\\\\\"')
  t.equal(printable(Buffer.from('<b>\u0000\u202e')), '<b>\\000\\226\\128\\174')
})

t.test('whatever it is, the text is short and printable ASCII', async (t) => {
  t.ok(printable(Buffer.alloc(65_535, 7)).length < 520)
  t.doesNotThrow(() =>
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => /^[ -~]*$/.test(printable(octets)))),
  )
})
