import { cutAt } from '../terminal/display-width.ts'
import { type Presentation, presented } from '../terminal/present.ts'

/** What a watch knows. */
export type Watched = {
  /** The last report that was read, and when, in Unix milliseconds. */
  text: string
  readAt: number
  /** Since when, and why, the aggregator cannot be asked; null while it can. */
  away: { since: number; error: string } | null
}

export type ScreenSize = { columns: number; rows: number }

/** What is shown of a watch: its state, then as much of the report as fits. No line is wider than the screen, and there are not more. */
export function watchFrame(
  { text, readAt, away }: Watched,
  { columns, rows }: ScreenSize,
  colour: Presentation['colour'],
): string[] {
  const state =
    away === null
      ? `as of ${timeOf(readAt)} · Ctrl-C ends`
      : `✕ NOT REACHABLE  since ${timeOf(away.since)}, this is the report of ${timeOf(readAt)}: ${away.error}`
  const plain = (line: string) => line
  const head = presented(state, { columns, colour: plain }).flatMap((line) => cutAt(line, columns))
  const body = presented(text.trimEnd(), { columns, colour: plain }).flatMap((line) => cutAt(line, columns))
  const lines = [...head, '', ...body]
  const shown =
    lines.length <= rows ? lines : [...lines.slice(0, rows - 1), leftOut(lines.length - rows + 1).slice(0, columns)]
  return shown.slice(0, rows).map(colour)
}

const leftOut = (lines: number): string => `… ${lines} more lines: without --watch all are printed`

/** `12:01:03 UTC`, by this machine's clock. */
const timeOf = (unixMilliseconds: number): string => `${new Date(unixMilliseconds).toISOString().slice(11, 19)} UTC`
