import type { ClockSample, Round } from '@oddnode/protocol'
import type { FactsWatch } from './facts-watch.ts'
import { bufferedRound } from './round-body.ts'
import { addRound, type RoundBuffer } from './round-buffer.ts'
import type { FinishedRound } from './rounds.ts'

export type OutboxContext = {
  buffer: RoundBuffer
  facts: Pick<FactsWatch, 'takeChanged' | 'forget'>
  version: string
}

/** Makes rounds ready to be pushed: numbered, with the clock samples that came meanwhile and the facts that changed. */
export type Outbox = {
  addClock: (sample: ClockSample) => void
  addRound: (round: FinishedRound, kind: Round['kind']) => void
  /** A regular round was added. */
  isReady: () => boolean
}

/** A push carries at most this many clock samples; the oldest are dropped. */
const MOST_CLOCK_SAMPLES = 32

export function createOutbox({ buffer, facts, version }: OutboxContext): Outbox {
  let clock: ClockSample[] = []
  let counter = 0
  let ready = false
  return {
    isReady: () => ready,
    addClock: (sample) => {
      clock = [...clock, sample].slice(-MOST_CLOCK_SAMPLES)
    },
    addRound: ({ plan, samples, endedAt }, kind) => {
      ready ||= kind === 'regular'
      const changed = kind === 'regular' ? facts.takeChanged() : undefined
      const round = bufferedRound(counter++, { plan, samples, endedAt, version, kind, clock, facts: changed })
      clock = []
      // The dropped one may have carried facts.
      if (addRound(buffer, round)) facts.forget()
    },
  }
}
