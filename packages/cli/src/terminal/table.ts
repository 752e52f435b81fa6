import { displayWidth, padTo } from './display-width.ts'

/** Between two columns. */
export const GAP = '  '

/** Pads the cells of each column to its widest one; no line ends in blanks. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, displayWidth(cell))
  return rows.map((row) =>
    row
      .map((cell, i) => padTo(cell, widths[i] ?? 0))
      .join(GAP)
      .trimEnd(),
  )
}
