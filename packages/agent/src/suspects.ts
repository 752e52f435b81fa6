import type { Judgement, Plan } from '@oddnode/protocol'
import { sampledWays } from './sampled-ways.ts'
import { closed, isOpen, type Suspicion, suspect, unsuspected } from './suspicion.ts'

/** What a sample sets going. */
export type Settled = {
  /** It contradicts what was decided, or helps to decide: hand it over at once. */
  news: boolean
  /** Ask the same probe again. */
  again: boolean
  /** Other probes to ask now: what is wrong with the target, or well again, and where else cluster DNS is reached, does not wait for its turn. */
  others: number[]
}

/** The suspicions of all probes of a plan. */
export type Suspects = {
  /** It is asked again by itself, and left out of the rounds meanwhile. */
  has: (probe: number) => boolean
  /** Leaves it to its rounds, undecided as it is. */
  letGo: (probe: number) => void
  /** @param sentAt monotonic seconds */
  settle: (probe: number, judgement: Judgement, sentAt: number) => Settled
}

/**
 * A typical plan (some 55 probes) may be suspected whole, as when a node lost its network; of a larger one no more is asked again than
 * 13 queries a second.
 */
const MOST_SUSPECTS = 64

/** Of the other ways to cluster DNS: the ClusterIPs, and a few CoreDNS pods. */
const MOST_WAY_PROBES = 24

export function createSuspects(plan: Plan): Suspects {
  const suspicions: Suspicion[] = plan.probes.map(() => unsuspected)
  const ways = sampledWays(plan)
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

  /**
   * The target is dead, as its first probe tells: whose fault that is shows on the other ways to cluster DNS. Where these are sampled they
   * are asked once, out of turn.
   */
  function otherWaysOf(probe: number): number[] {
    if (siblingsOf(probe).some((i) => suspicions[i]?.decided === 'bad')) return []
    const others = ways.filter((i) => targetOf(i) !== targetOf(probe) && suspicions[i]?.decided !== 'bad')
    return others.slice(0, MOST_WAY_PROBES)
  }

  return {
    has,
    letGo: (probe) => {
      suspicions[probe] = closed(suspicions[probe] ?? unsuspected)
    },
    settle: (probe, judgement, sentAt) => {
      const before = suspicions[probe] ?? unsuspected
      const after = suspect(before, judgement, sentAt, plan.suspicionSeconds)
      const opens = !isOpen(before) && isOpen(after)
      const crowded = opens && suspicions.filter(isOpen).length >= MOST_SUSPECTS
      const others = opens && !crowded ? othersOf(probe) : othersNow(probe, before, after)
      suspicions[probe] = crowded ? closed(after) : after
      return { news: isOpen(before) || opens, again: has(probe), others }
    },
  }

  /** When it was just decided what a probe is. */
  function othersNow(probe: number, before: Suspicion, after: Suspicion): number[] {
    if (before.decided === after.decided) return []
    if (after.decided === 'bad') return otherWaysOf(probe)
    return before.decided === 'bad' ? stillBadOf(probe) : []
  }
}

const isRare = (probe: Plan['probes'][number] | undefined) => probe !== undefined && probe.everySeconds > 0
