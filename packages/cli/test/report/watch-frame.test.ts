import fc from 'fast-check'
import t from 'tap'
import { type Watched, watchFrame } from '../../src/report/watch-frame.ts'
import { plain } from '../../src/terminal/colours.ts'
import { displayWidth } from '../../src/terminal/display-width.ts'

const size = { columns: 60, rows: 10 }
const read: Watched = { text: 'one\ntwo\n', readAt: Date.UTC(2026, 10, 21, 12, 0, 58), away: null }

t.test('a report that fits is shown whole, with its time', async (t) => {
  t.strictSame(watchFrame(read, size, plain), ['as of 12:00:58 UTC · Ctrl-C ends', '', 'one', 'two'])
})

t.test('an aggregator that is away is told of before its last report', async (t) => {
  const away = { since: Date.UTC(2026, 10, 21, 12, 1, 3), error: 'ECONNREFUSED' }
  const [first, second] = watchFrame({ ...read, away }, { columns: 120, rows: 10 }, plain)
  t.equal(first, '✕ NOT REACHABLE  since 12:01:03 UTC, this is the report of 12:00:58 UTC: ECONNREFUSED')
  t.equal(second, '')
})

t.test('what does not fit is counted', async (t) => {
  const text = Array.from({ length: 30 }, (_, i) => `line ${i}`).join('\n')
  const frame = watchFrame({ ...read, text }, size, plain)
  t.equal(frame.length, 10)
  t.equal(frame.at(-1), '… 23 more lines: without --watch all are printed')
})

t.test('no text and no size makes a frame that is larger than the screen, or holds a control character', async () => {
  const hostile = fc.string({ unit: 'binary', maxLength: 300 })
  const sizes = fc.record({ columns: fc.integer({ min: 2, max: 200 }), rows: fc.integer({ min: 1, max: 60 }) })
  fc.assert(
    fc.property(hostile, hostile, sizes, (text, error, { columns, rows }) => {
      const frame = watchFrame({ text, readAt: 0, away: { since: 0, error } }, { columns, rows }, plain)
      return (
        frame.length <= rows && frame.every((line) => displayWidth(line) <= columns && !/[\p{Cc}\p{Cf}]/u.test(line))
      )
    }),
  )
})
