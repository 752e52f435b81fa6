import fc from 'fast-check'
import t from 'tap'
import { visibleDeep, visibleText } from '../src/visible-text.ts'

t.test('deceptive characters show themselves', async (t) => {
  const cases = [
    ['node-1', 'node-1'],
    ['Zürich 東京 −94 s ✓', 'Zürich 東京 −94 s ✓'],
    ['a\u202eb', 'a⟨U+202E⟩b'],
    ['a\u2066b\u2069', 'a⟨U+2066⟩b⟨U+2069⟩'],
    ['\u001b[31mred', '⟨U+001B⟩[31mred'],
    ['two\r\nlines', 'two⟨U+000D⟩⟨U+000A⟩lines'],
    ['zero\u200bwidth', 'zero⟨U+200B⟩width'],
    ['\u0000\u0085\u2028', '⟨U+0000⟩⟨U+0085⟩⟨U+2028⟩'],
    ['half \ud83d', 'half ⟨U+D83D⟩'],
  ] as const
  for (const [text, expected] of cases) t.equal(visibleText(text), expected)
  t.equal(visibleText('x'.repeat(5000)).length, 1001, 'and not without end')
  t.equal(visibleText('x'.repeat(5000), Number.POSITIVE_INFINITY).length, 5000, 'but where the line is wanted whole')
})

t.test('in depth, keys included', async (t) => {
  t.strictSame(visibleDeep({ 'a\n': ['b\n', 1, null, true, { c: '\u202e' }] }), {
    'a⟨U+000A⟩': ['b⟨U+000A⟩', 1, null, true, { c: '⟨U+202E⟩' }],
  })
})

t.test('nothing deceptive is left of any text', async () => {
  const hostile = fc.string({ unit: 'binary', maxLength: 200 })
  fc.assert(fc.property(hostile, (text) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(visibleText(text))))
})
