import type { Judgement, Plan } from '@oddnode/protocol'
import { closed, isOpen, type Suspicion, suspect, unsuspected } from './suspicion.ts'

/** What a sample sets going. */
export type Settled = {
  /** It contradicts what was decided, or helps to decide: hand it over at once. */
  news: boolean
  /** Ask the same probe again. */
  again: boolean
  /** Other probes of the same target to ask now: what is wrong with it, or well again, does not wait for their turn. */
  others: number[]
}

/** The suspicions of all probes of a plan. */
export type Suspects = {
  /** It is asked again by itself, and left out of the rounds meanwhile. */
  has: (probe: number) => boolean
  /** @param sentAt monotonic seconds */
  settle: (probe: number, judgement: Judgement, sentAt: number) => Settled
}

/**
 * A typical plan (some 55 probes) may be suspected whole, as when a node lost its network; of a larger one no more is asked again than
 * 13 queries a second.
 */
const MOST_SUSPECTS = 64

export function createSuspects(plan: Plan): Suspects {
  const suspicions: Suspicion[] = plan.probes.map(() => unsuspected)
  const has = (probe: number) => isOpen(suspicions[probe] ?? unsuspected)
  const targetOf = (probe: number) => plan.probes[probe]?.target

  const siblingsOf = (probe: number) =>
    plan.probes.flatMap((other, i) =>
      other.target === targetOf(probe) && i !== probe && !other.onlyAfterTruncation ? [i] : [],
    )

  function othersOf(probe: number): number[] {
    const siblings = siblingsOf(probe)
    // Asked when the first one of their target comes under suspicion, not by each.
    return siblings.some(has) ? [] : siblings
  }

  /** A short fault ends while its rarer probes are still being decided: they must not wait for their turn to be well again. */
  const stillBadOf = (probe: number): number[] =>
    siblingsOf(probe).filter((i) => isRare(plan.probes[i]) && suspicions[i]?.decided === 'bad' && !has(i))

  return {
    has,
    settle: (probe, judgement, sentAt) => {
      const before = suspicions[probe] ?? unsuspected
      const after = suspect(before, judgement, sentAt, plan.suspicionSeconds)
      const opens = !isOpen(before) && isOpen(after)
      const crowded = opens && suspicions.filter(isOpen).length >= MOST_SUSPECTS
      const recovers = before.decided === 'bad' && after.decided === 'good'
      const others = opens && !crowded ? othersOf(probe) : recovers ? stillBadOf(probe) : []
      suspicions[probe] = crowded ? closed(after) : after
      return { news: isOpen(before) || opens, again: has(probe), others }
    },
  }
}

const isRare = (probe: Plan['probes'][number] | undefined) => probe !== undefined && probe.everySeconds > 0
