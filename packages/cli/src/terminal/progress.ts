/** A line that is written over again, and gone at the end. */
export type ProgressLine = { show: (text: string) => void; clear: () => void }

type Stream = { write: (text: string) => unknown; isTTY: boolean; columns: number }

const CLEAR_LINE = '\r\u001b[K'

/** On a terminal; anything else is told nothing. A dumb one could not take it back. */
export function progressLine(stream: Stream, { TERM }: { TERM?: string | undefined } = process.env): ProgressLine {
  if (!stream.isTTY || TERM === 'dumb') return { show: () => undefined, clear: () => undefined }
  let isShown = false
  return {
    show: (text) => {
      isShown = true
      stream.write(CLEAR_LINE + text.slice(0, (stream.columns || 80) - 1))
    },
    clear: () => {
      if (isShown) stream.write(CLEAR_LINE)
      isShown = false
    },
  }
}
