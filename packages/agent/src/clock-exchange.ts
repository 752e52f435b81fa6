import { clockOffset, type WallClock } from '@oddnode/probes'
import type { ClockSample, PushAnswer } from '@oddnode/protocol'
import { addressOf } from './aggregator-address.ts'

/** `Date.now` is cut to 1 ms: what differs by more was set, not rounded. */
const STEP_SECONDS = 0.003

/**
 * A clock sample from the four timestamps of a push: works where UDP port 123 is blocked. T1 and T4 are this node's (Unix seconds), T2
 * and T3 the aggregator's.
 * @param clock the one that T1 and T4 were read from
 * @returns null where a clock was set meanwhile, so that the timestamps contradict each other
 */
export function pushClockSample(
  url: string,
  { sentAt, receivedAt }: { sentAt: number; receivedAt: number },
  answer: Pick<PushAnswer, 'receivedAt' | 'sentAt'>,
  clock: Pick<WallClock, 'uncertaintySeconds' | 'steppedSeconds'>,
): ClockSample | null {
  if (Math.abs(clock.steppedSeconds()) > STEP_SECONDS || answer.sentAt < answer.receivedAt) return null
  const times = { t1: sentAt, t2: answer.receivedAt, t3: answer.sentAt, t4: receivedAt }
  return {
    reference: { kind: 'aggregator', address: addressOf(url).slice(0, 64) },
    outcome: 'answered',
    ...clockOffset(times, clock.uncertaintySeconds),
  }
}
