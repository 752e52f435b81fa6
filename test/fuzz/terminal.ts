// Text from outside on its way to a terminal: reports of a hostile aggregator, as `oddnode report` prints, wraps, watches and passes them on.
import fc from 'fast-check'
import { watchFrame } from '../../packages/cli/src/report/watch-frame.ts'
import { plain } from '../../packages/cli/src/terminal/colours.ts'
import { displayWidth } from '../../packages/cli/src/terminal/display-width.ts'
import { visibleJson } from '../../packages/cli/src/terminal/json-text.ts'
import { presented } from '../../packages/cli/src/terminal/present.ts'
import { fuzz } from './run.ts'

const controls = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u

/** Pieces of tables, prose and attacks. */
const piece = fc.oneof(
  fc.constantFrom(
    '  ',
    ' ',
    '\n',
    '✕ ',
    'CRITICAL  ',
    '\u001b[2J',
    '\u001b]0;x\u0007',
    '\u009b',
    '\u202e',
    '\r',
    '東京',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ maxLength: 12 }),
)
const inputs = fc.record({
  text: fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
  columns: fc.integer({ min: 2, max: 200 }),
  rows: fc.integer({ min: 1, max: 60 }),
})

fuzz({
  name: 'terminal',
  usualCases: 20_000,
  inputs,
  holds: ({ text, columns, rows }) => {
    const frame = watchFrame({ text, readAt: 0, away: { since: 0, error: text } }, { columns, rows }, plain)
    const lines = presented(text, { columns, colour: plain })
    return (
      frame.length <= rows &&
      frame.every((line) => displayWidth(line) <= columns) &&
      [...frame, ...lines].every((line) => !controls.test(line)) &&
      !/[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(visibleJson(JSON.stringify(text))) &&
      JSON.parse(visibleJson(JSON.stringify(text))) === text
    )
  },
})
