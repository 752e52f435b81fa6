import type { ClockSample, Round, Sample } from '@oddnode/protocol'
import type { ClockStep } from './clock-steps.ts'
import type { FactsWatch } from './facts-watch.ts'
import { bufferedRound } from './round-body.ts'
import { addRound, type RoundBuffer } from './round-buffer.ts'
import type { FinishedRound } from './rounds.ts'

export type OutboxContext = {
  buffer: RoundBuffer
  facts: Pick<FactsWatch, 'takeChanged' | 'forget'>
  version: string
}

/** Makes rounds ready to be pushed: numbered, with what came of the clock meanwhile and the facts that changed. */
export type Outbox = {
  addClock: (sample: ClockSample) => void
  addClockStep: (step: ClockStep) => void
  addRound: (round: FinishedRound, kind: Round['kind']) => void
  /** A regular round was added. */
  isReady: () => boolean
}

/** A push carries at most this many clock samples, and steps; the oldest are dropped. */
const MOST_CLOCK_SAMPLES = 32
const MOST_CLOCK_STEPS = 16
const MOST_ANSWER_CHARACTERS = 48_000

export function createOutbox({ buffer, facts, version }: OutboxContext): Outbox {
  let clock: ClockSample[] = []
  let clockSteps: ClockStep[] = []
  let counter = 0
  let ready = false
  return {
    isReady: () => ready,
    addClock: (sample) => {
      clock = [...clock, sample].slice(-MOST_CLOCK_SAMPLES)
    },
    addClockStep: (step) => {
      clockSteps = [...clockSteps, step].slice(-MOST_CLOCK_STEPS)
    },
    addRound: ({ plan, samples, endedAt }, kind) => {
      ready ||= kind === 'regular'
      const parts = partsOf(samples)
      for (const [i, part] of parts.entries()) {
        const isLast = i === parts.length - 1
        const changed = kind === 'regular' && isLast ? facts.takeChanged() : undefined
        // A goodbye is the last word.
        const content = { plan, samples: part, endedAt, version, kind: isLast ? kind : ('regular' as const) }
        const round = bufferedRound(counter++, { ...content, clock, clockSteps, facts: changed })
        clock = []
        clockSteps = []
        // The dropped one may have carried facts.
        if (addRound(buffer, round)) facts.forget()
      }
    },
  }
}

/**
 * Servers may answer with 16 kB each, and an aggregator takes bodies of 256 KiB (`limits.bodyBytes`): what is refused is refused for
 * ever, so a round with more answers is several.
 */
function partsOf(samples: readonly Sample[]): Sample[][] {
  const parts: Sample[][] = [[]]
  let characters = 0
  for (const sample of samples) {
    const more = sample.observation.answers.reduce((sum, answer) => sum + answer.length, 0)
    if (characters > 0 && characters + more > MOST_ANSWER_CHARACTERS) {
      parts.push([])
      characters = 0
    }
    parts.at(-1)?.push(sample)
    characters += more
  }
  return parts
}
