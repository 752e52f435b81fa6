import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import t from 'tap'
import { plain } from '../../src/terminal/colours.ts'
import { presentationFor, presented } from '../../src/terminal/present.ts'

const anyWidth = { columns: null, colour: plain }

t.test('a file gets lines of any length, whole', async (t) => {
  const line = 'Word '.repeat(1000).trim()
  t.strictSame(presented(line, anyWidth), [line])
  t.strictSame(presentationFor(new PassThrough()), anyWidth)
})

t.test('a terminal gets lines of its width', async (t) => {
  t.strictSame(presented('  Some words that are wrapped', { columns: 14, colour: plain }), [
    '  Some words',
    '  that are',
    '  wrapped',
  ])
})

t.test('no text turns a terminal over', async () => {
  const hostile = fc.string({ unit: 'binary', maxLength: 300 })
  const columns = fc.option(fc.integer({ min: 1, max: 100 }))
  fc.assert(
    fc.property(hostile, columns, (text, columns) =>
      presented(text, { columns, colour: plain }).every((line) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(line)),
    ),
  )
})
