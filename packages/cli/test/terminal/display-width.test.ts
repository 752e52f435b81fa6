import fc from 'fast-check'
import t from 'tap'
import { cutAt, displayWidth, padTo } from '../../src/terminal/display-width.ts'

t.test('cells of a terminal, not characters', async (t) => {
  const cases = [
    ['node-1', 6],
    ['Zürich ✓ −94 s', 14],
    ['東京', 4],
    ['e\u0301', 1],
    ['👩‍👧 ok', 5],
    ['', 0],
  ] as const
  for (const [text, cells] of cases) t.equal(displayWidth(text), cells, text)
  t.equal(padTo('東京', 6), '東京  ')
  t.equal(padTo('longer', 3), 'longer')
})

t.test('what is cut is whole when it is put together, and no piece is too wide', async () => {
  const texts = fc.string({ unit: 'grapheme', maxLength: 80 })
  fc.assert(
    fc.property(texts, fc.integer({ min: 2, max: 40 }), (text, cells) => {
      const pieces = cutAt(text, cells)
      return pieces.join('') === text && pieces.every((piece) => displayWidth(piece) <= cells)
    }),
  )
})
