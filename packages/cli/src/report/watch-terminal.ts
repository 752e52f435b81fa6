import { coloursFor } from '../terminal/colours.ts'
import { openScreen, type Screen } from '../terminal/screen.ts'
import type { ReadReport } from './report.ts'
import { watch } from './watch.ts'
import { type Watched, watchFrame } from './watch-frame.ts'

export type WatchTerminal = {
  read: () => Promise<ReadReport>
  everySeconds: number
  stream: NodeJS.WriteStream
  signal: AbortSignal
}

const DEFAULT_SIZE = { columns: 80, rows: 24 }

/**
 * `oddnode report URL --watch`: the report in the terminal's alternate screen, which is given back on every way out of the process but
 * SIGKILL, and while it is stopped with Ctrl-Z.
 * @returns the exit code of the last report
 */
export async function watchInTerminal(
  first: { verdict: string; text: string },
  { read, everySeconds, stream, signal }: WatchTerminal,
): Promise<number> {
  const colour = coloursFor(stream)
  let screen: Screen = openScreen(stream)
  let watched: Watched | null = null
  const draw = () => {
    if (watched === null) return
    const size = { columns: stream.columns || DEFAULT_SIZE.columns, rows: stream.rows || DEFAULT_SIZE.rows }
    screen.draw(watchFrame(watched, size, colour))
  }
  const close = () => screen.close()
  const onStop = () => {
    close()
    process.kill(process.pid, 'SIGSTOP')
  }
  const onContinue = () => {
    close()
    screen = openScreen(stream)
    draw()
  }
  const listeners = [
    [process, 'exit', close],
    [process, 'SIGTSTP', onStop],
    [process, 'SIGCONT', onContinue],
    [stream, 'resize', draw],
  ] as const
  for (const [emitter, event, listener] of listeners) emitter.on(event, listener)
  const show = (latest: Watched) => {
    watched = latest
    draw()
  }
  try {
    return await watch(first, { read, everySeconds, show, signal, now: Date.now })
  } finally {
    for (const [emitter, event, listener] of listeners) emitter.off(event, listener)
    close()
  }
}
