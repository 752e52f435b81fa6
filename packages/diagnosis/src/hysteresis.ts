import type { Judgement, State } from '@oddnode/protocol'
import type { Thresholds } from './thresholds.ts'

/** One judged sample. Times are in seconds, ascending in a list of them. */
export type Judged = { takenAt: number; judgement: Judgement }

export type Replayed = {
  state: State
  /** When it came into that state: for failing the first bad sample that made it so; null without samples. */
  since: number | null
}

/**
 * The state that a probe's samples lead to, oldest first, with hysteresis: a probe is failing from `failingSamples` bad ones of
 * `windowSamples` that are spread over `failingSpreadSeconds`, and stays so until `recoverySamples` good ones came in a row.
 *
 * A function of the samples alone, so that the order in which they arrived cannot matter.
 */
export function replay(samples: readonly Judged[], thresholds: Thresholds): Replayed {
  let state: State = 'no-data'
  let since: number | null = samples[0]?.takenAt ?? null
  let failing = false
  let goodInARow = 0
  let floor = 0
  for (let end = 0; end < samples.length; end++) {
    const { judgement, takenAt } = samples[end] as Judged
    if (judgement === 'good') goodInARow++
    else if (judgement === 'bad') goodInARow = 0
    if (failing && goodInARow >= thresholds.recoverySamples) {
      failing = false
      floor = end + 1
    }
    const start = Math.max(0, end + 1 - thresholds.windowSamples)
    const firstBad = failing ? null : failingSince(samples, Math.max(start, floor), end, thresholds)
    if (firstBad !== null) failing = true
    const next = stateOfWindow(samples, start, end, failing, thresholds)
    if (next !== state) since = next === 'failing' && firstBad !== null ? firstBad : takenAt
    state = next
  }
  return { state, since }
}

/** The time of the first bad sample of a window that makes a probe failing; null where it does not. */
function failingSince(samples: readonly Judged[], start: number, end: number, thresholds: Thresholds): number | null {
  let count = 0
  let first: number | null = null
  let last = 0
  for (let i = start; i <= end; i++) {
    const { judgement, takenAt } = samples[i] as Judged
    if (judgement !== 'bad') continue
    count++
    first ??= takenAt
    last = takenAt
  }
  const spread = first !== null && last - first >= thresholds.failingSpreadSeconds
  return count >= thresholds.failingSamples && spread ? first : null
}

function stateOfWindow(
  samples: readonly Judged[],
  start: number,
  end: number,
  failing: boolean,
  thresholds: Thresholds,
): State {
  let bad = 0
  let late = 0
  let evidence = 0
  for (let i = start; i <= end; i++) {
    const { judgement } = samples[i] as Judged
    if (judgement !== 'none') evidence++
    if (judgement === 'bad') bad++
    if (judgement === 'late') late++
  }
  if (evidence < thresholds.fewestSamples) return 'no-data'
  if (failing) return 'failing'
  return bad === 0 && late < thresholds.degradedLate ? 'ok' : 'degraded'
}

/** How many samples at the end are of this judgement, without one of the opposite between; late ones and the agent's own errors are skipped. */
export function inARow(samples: readonly Judged[], wanted: 'good' | 'bad'): number {
  let count = 0
  for (let i = samples.length - 1; i >= 0; i--) {
    const { judgement } = samples[i] as Judged
    if (judgement === wanted) count++
    else if (judgement === 'good' || judgement === 'bad') break
  }
  return count
}
