import { setTimeout as sleep } from 'node:timers/promises'
import type { ReadReport } from './report.ts'
import { exitCodeOf } from './report.ts'
import type { Watched } from './watch-frame.ts'

export type WatchContext = {
  /** Reads the report now. */
  read: () => Promise<ReadReport>
  everySeconds: number
  /** Shows what is known now. */
  show: (watched: Watched) => void
  /** Ends the watch. */
  signal: AbortSignal
  /** Unix time in milliseconds. */
  now: () => number
}

/**
 * Reads the report again and again until it is ended. While the aggregator is away the last report stays, with since when.
 * @param first a report that was read already
 * @returns the exit code of the last report
 */
export async function watch(first: { verdict: string; text: string }, context: WatchContext): Promise<number> {
  const { read, everySeconds, show, signal, now } = context
  let { verdict } = first
  let watched: Watched = { text: first.text, readAt: now(), away: null }
  show(watched)
  while (!signal.aborted) {
    await sleep(everySeconds * 1000, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) break
    const latest = await read()
    if ('error' in latest) watched = { ...watched, away: { since: watched.away?.since ?? now(), error: latest.error } }
    else {
      watched = { text: latest.text, readAt: now(), away: null }
      verdict = latest.verdict
    }
    if (!signal.aborted) show(watched)
  }
  return exitCodeOf(verdict)
}
