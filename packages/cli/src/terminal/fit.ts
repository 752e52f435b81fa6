import { displayWidth } from './display-width.ts'
import { aligned, GAP } from './table.ts'

/** A table is a run of lines with at least so many cells … */
const FEWEST_CELLS = 3
/** … of which the first ones name the row, and stand in each of the pieces that it is cut into. */
const NAMING_CELLS = 2

/**
 * Lines of a report for a terminal that is narrower than they are: a table is cut into tables below one another, each with the names of
 * its rows, or its rows go on below themselves where it has no head; prose is wrapped. What may be a command stays whole, so that it is copied whole.
 */
export function fitted(lines: readonly string[], columns: number): string[] {
  return blocksOf(lines).flatMap((block) => {
    if (block.every((line) => displayWidth(line) <= columns)) return block
    return isRow(block[0] ?? '') ? stacked(block, columns) : block.flatMap((line) => wrapped(line, columns))
  })
}

/** Runs of table rows, and of everything else. */
function blocksOf(lines: readonly string[]): string[][] {
  const blocks: string[][] = []
  for (const line of lines) {
    const last = blocks.at(-1)
    const [before] = last ?? []
    if (last && before !== undefined && isRow(before) === isRow(line) && indentOf(before) === indentOf(line))
      last.push(line)
    else blocks.push([line])
  }
  return blocks
}

const isRow = (line: string): boolean => line.trim().split(/ {2,}/).length >= FEWEST_CELLS

const indentOf = (line: string): number => line.length - line.trimStart().length

function stacked(rows: string[], columns: number): string[] {
  const indent = ' '.repeat(indentOf(rows[0] ?? ''))
  const cells = cellsOf(rows)
  // Gaps that no two rows share make no columns.
  if ((cells[0] ?? []).length <= NAMING_CELLS) return rows
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => displayWidth(row[column] ?? ''))))
  if (headless.test(rows[0] ?? '')) return rowByRow(cells, widths, columns, indent)
  return piecesOf(widths, columns - indent.length, NAMING_CELLS).flatMap((piece) =>
    aligned(cells.map((row) => piece.map((column) => row[column] ?? ''))).map((line) => indent + line),
  )
}

/** A first row that begins with a state is no head: what is cut off from such rows would say nothing. */
const headless = /^ *[✓▲✕·] /

/** Each row goes on below itself. */
function rowByRow(cells: readonly string[][], widths: readonly number[], columns: number, indent: string): string[] {
  const hang = indent + GAP + GAP
  const pieces = piecesOf(widths, columns - hang.length, 0).map((piece, i) =>
    aligned(cells.map((row) => piece.map((column) => row[column] ?? ''))).map(
      (line) => (i === 0 ? indent : hang) + line,
    ),
  )
  return cells.flatMap((_, row) => pieces.flatMap((piece) => piece[row] ?? []).filter((line) => line.trim() !== ''))
}

/** Which columns go together, the first ones, which name the row, in each piece; one that is too wide by itself stands alone. */
function piecesOf(widths: readonly number[], columns: number, naming: number): number[][] {
  const named = widths.slice(0, naming)
  const pieces: number[][] = []
  let used = columns
  for (const [column, width] of widths.entries()) {
    if (column < naming) continue
    used += GAP.length + width
    if (used <= columns) pieces.at(-1)?.push(column)
    else {
      pieces.push([...named.keys(), column])
      used = named.reduce((sum, each) => sum + each + GAP.length, 0) + width
    }
  }
  return pieces
}

/** Cells by the columns that the rows share: where all of them have a gap, and some a beginning. */
function cellsOf(rows: readonly string[]): string[][] {
  const starts = startsOf(rows)
  return rows.map((row) => starts.map((start, i) => row.slice(start, starts[i + 1]).trim()))
}

function startsOf(rows: readonly string[]): number[] {
  const starts = [indentOf(rows[0] ?? '')]
  const longest = Math.max(...rows.map(({ length }) => length))
  for (let at = (starts[0] ?? 0) + 1 + GAP.length; at < longest; at++) {
    const follows = rows.every((row) => row.slice(at - GAP.length, at).trim() === '')
    if (follows && rows.some((row) => (row[at] ?? ' ') !== ' ')) starts.push(at)
  }
  return starts
}

/** A label with two blanks behind it, or a glyph with one: what is wrapped begins below the text. */
const label = /^ *(?:[^ ]+ {2,}|[✓▲✕·] )?/

/** What is copied: behind its label or below it, what a notice says to type, and addresses. All else is prose. */
const copied = /^ *(?:confirm|see) {2,}|^ {8,}|^ *kubectl /

function wrapped(line: string, columns: number): string[] {
  const head = label.exec(line)?.[0] ?? ''
  const text = line.slice(head.length)
  if (displayWidth(line) <= columns || copied.test(line)) return [line]
  const hang = ' '.repeat(head.length <= columns / 2 ? head.length : indentOf(line))
  const lines: string[] = []
  let current = head
  let used = displayWidth(head)
  let isEmpty = true
  for (const word of text.split(' ')) {
    const width = displayWidth(word)
    if (!isEmpty && used + 1 + width > columns) {
      lines.push(current)
      current = hang
      used = hang.length
      isEmpty = true
    }
    current += isEmpty ? word : ` ${word}`
    used += isEmpty ? width : 1 + width
    isEmpty = false
  }
  return [...lines, current]
}
