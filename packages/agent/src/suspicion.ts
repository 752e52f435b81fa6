import type { Judgement } from '@oddnode/protocol'

/**
 * What is thought of one probe. While an episode is open the probe is asked again every few seconds, so that a hard fault is told
 * within 45 s and its end within 60 s although a round lasts 15 s.
 */
export type Suspicion = {
  /** What was decided last; null until the first decision. */
  decided: 'good' | 'bad' | null
  /** Consecutive samples against it. */
  against: number
  /** When the first of them was sent, in monotonic seconds. */
  since: number
  /** Samples of the open episode after the one that opened it; null while none is open. */
  repeats: number | null
}

/** As the aggregator decides: three samples in a row, bad ones over at least two periods of suspicion. */
const DECIDING_SAMPLES = 3
const DECIDING_PERIODS = 2
/** An episode that does not decide, because samples say neither, ends here. */
const MOST_REPEATS = 6

export const unsuspected: Suspicion = { decided: null, against: 0, since: 0, repeats: null }

export const isOpen = ({ repeats }: Suspicion): boolean => repeats !== null

/** Without its episode: the probe waits for its round, and what it showed still counts. */
export const closed = (suspicion: Suspicion): Suspicion => ({ ...suspicion, repeats: null })

/**
 * What a sample makes of a suspicion. A sample against what was decided opens an episode, one that agrees ends it, and so does a new
 * decision: a probe that goes on failing is not asked more often than a healthy one (never retry harder: coredns#7922).
 * @param sentAt when it was sent, in monotonic seconds
 * @param periodSeconds the plan's `suspicionSeconds`
 */
export function suspect(before: Suspicion, judgement: Judgement, sentAt: number, periodSeconds: number): Suspicion {
  if (judgement === 'late' || judgement === 'none') return isOpen(before) ? repeated(before) : before
  // A fresh probe that answers is believed: an episode at every start would be load without news.
  const agrees = before.decided === judgement || (before.decided === null && judgement === 'good')
  const against = before.against + 1
  const since = before.against === 0 ? sentAt : before.since
  if (agrees || isDecisive(judgement, against, sentAt - since, periodSeconds)) {
    return { ...unsuspected, decided: judgement }
  }
  return repeated({ ...before, against, since })
}

function isDecisive(judgement: Judgement, against: number, spreadSeconds: number, periodSeconds: number): boolean {
  if (against < DECIDING_SAMPLES) return false
  return judgement === 'good' || spreadSeconds >= DECIDING_PERIODS * periodSeconds
}

function repeated(suspicion: Suspicion): Suspicion {
  const repeats = suspicion.repeats === null ? 0 : suspicion.repeats + 1
  return { ...suspicion, repeats: repeats < MOST_REPEATS ? repeats : null }
}
