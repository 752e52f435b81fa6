import type { Judgement } from '@oddnode/protocol'

/**
 * What is thought of one probe. While an episode is open the probe is asked again every few seconds, so that a hard fault is told
 * within 45 s and its end within 60 s although a round lasts 15 s.
 */
export type Suspicion = {
  /** What was decided last; null until the first decision. */
  decided: 'good' | 'bad' | null
  /** What the last samples say alike, and how many they are. */
  run: 'good' | 'bad' | null
  inRow: number
  /** When the first of them was sent, in monotonic seconds. */
  since: number
  /** Samples of the open episode after the one that opened it; null while none is open. */
  repeats: number | null
}

/** As the aggregator decides: three samples in a row, bad ones over at least two periods of suspicion. */
const DECIDING_SAMPLES = 3
const DECIDING_PERIODS = 2
/** Three bad ones are also what heavy loss looks like: so many make sure that it is dead. */
const SURE_SAMPLES = 5
/** An episode that does not decide, because samples say neither or differ, ends here. */
const MOST_REPEATS = 6

export const unsuspected: Suspicion = { decided: null, run: null, inRow: 0, since: 0, repeats: null }

export const isOpen = ({ repeats }: Suspicion): boolean => repeats !== null

/** Without its episode: the probe waits for its round, and what it showed still counts. */
export const closed = (suspicion: Suspicion): Suspicion => ({ ...suspicion, repeats: null })

/**
 * What a sample makes of a suspicion. A sample against what was decided opens an episode. It ends when what it came to is sure: a probe
 * that goes on failing is not asked more often than a healthy one (never retry harder: coredns#7922).
 * @param sentAt when it was sent, in monotonic seconds
 * @param periodSeconds the plan's `suspicionSeconds`
 */
export function suspect(before: Suspicion, judgement: Judgement, sentAt: number, periodSeconds: number): Suspicion {
  if (judgement === 'late' || judgement === 'none') return isOpen(before) ? repeated(before) : before
  const goesOn = before.run === judgement
  const inRow = goesOn ? before.inRow + 1 : 1
  const since = goesOn ? before.since : sentAt
  const decides = judgement === 'good' ? isWell(before, inRow) : isFailing(inRow, sentAt - since, periodSeconds)
  const after: Suspicion = { ...before, decided: decides ? judgement : before.decided, run: judgement, inRow, since }
  return isSettled(before, after) ? closed(after) : repeated(after)
}

/** A fresh probe that answers is believed: an episode at every start would be load without news. */
const isWell = ({ decided }: Suspicion, inRow: number): boolean => decided !== 'bad' || inRow >= DECIDING_SAMPLES

const isFailing = (inRow: number, spreadSeconds: number, periodSeconds: number): boolean =>
  inRow >= DECIDING_SAMPLES && spreadSeconds >= DECIDING_PERIODS * periodSeconds

function isSettled(before: Suspicion, { decided, run, inRow }: Suspicion): boolean {
  if (run !== decided) return false
  return run === 'good' || inRow >= SURE_SAMPLES || (before.decided === 'bad' && !isOpen(before))
}

function repeated(suspicion: Suspicion): Suspicion {
  const repeats = suspicion.repeats === null ? 0 : suspicion.repeats + 1
  return { ...suspicion, repeats: repeats < MOST_REPEATS ? repeats : null }
}
