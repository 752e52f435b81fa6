import { visibleText } from '@oddnode/protocol'
import { type Colour, coloursFor } from './colours.ts'
import { fitted } from './fit.ts'

/** How a text is shown. */
export type Presentation = {
  /** Cells of a line; null where lines may be of any length, as in a file. */
  columns: number | null
  colour: Colour
}

/** Where output goes: a terminal, a pipe or a file. */
export type Output = NodeJS.WritableStream & { isTTY?: boolean; columns?: number }

/** As wide as the terminal, in its colours; a file or a pipe gets the text as it is. */
export const presentationFor = (stream: Output): Presentation => ({
  columns: stream.isTTY ? stream.columns || null : null,
  colour: coloursFor(stream),
})

/** The lines of a text from outside: no control character of it reaches a terminal, whatever sent it. */
export function presented(text: string, { columns, colour }: Presentation): string[] {
  const lines = text.split('\n').map((line) => visibleText(line, Number.POSITIVE_INFINITY))
  return (columns === null ? lines : fitted(lines, columns)).map(colour)
}
