/** The alternate screen of a terminal, drawn over without flicker. */
export type Screen = {
  /** At most as many lines as there are rows, none wider than the screen. */
  draw: (lines: readonly string[]) => void
  /** Gives the terminal back as it was. Twice is as good as once. */
  close: () => void
}

/** xterm's control sequences, as every terminal of the last decades has them; one that does not know synchronised output ignores it. */
const ENTER = '\u001b[?1049h\u001b[?25l'
const LEAVE = '\u001b[?25h\u001b[?1049l'
const BEGIN_FRAME = '\u001b[?2026h\u001b[H'
const END_FRAME = '\u001b[J\u001b[?2026l'
const END_LINE = '\u001b[K'

type Stream = { write: (text: string) => unknown }

/** Takes the screen. Whoever takes it closes it on every way out. */
export function openScreen(stream: Stream): Screen {
  let isOpen = true
  stream.write(ENTER)
  return {
    draw: (lines) => {
      if (isOpen) stream.write(BEGIN_FRAME + lines.map((line) => line + END_LINE).join('\r\n') + END_FRAME)
    },
    close: () => {
      if (isOpen) stream.write(LEAVE)
      isOpen = false
    },
  }
}
