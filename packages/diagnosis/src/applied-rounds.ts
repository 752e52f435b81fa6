import type { AppliedRounds } from './fleet.ts'

/** Counters above the contiguous ones that are remembered; when there are more, the lowest gap is taken for dropped by the agent. */
const MAX_ABOVE = 64
/** Boots that are remembered: the last ones of an agent. */
const MAX_BOOTS = 4

/**
 * Remembers a round by its agent's boot id and counter, in bounded memory.
 * @returns false where it was applied before
 */
export function markApplied(applied: Map<string, AppliedRounds>, boot: string, counter: number): boolean {
  const rounds = applied.get(boot) ?? { through: -1, above: new Set<number>() }
  if (counter <= rounds.through || rounds.above.has(counter)) return false
  rounds.above.add(counter)
  if (rounds.above.size > MAX_ABOVE) rounds.through = Math.min(...rounds.above)
  advance(rounds)
  // Set anew, so that the boot that was heard of last is the last one in the map.
  applied.delete(boot)
  applied.set(boot, rounds)
  const [oldest] = applied.keys()
  if (applied.size > MAX_BOOTS && oldest !== undefined) applied.delete(oldest)
  return true
}

function advance(rounds: AppliedRounds): void {
  rounds.above.delete(rounds.through)
  while (rounds.above.delete(rounds.through + 1)) rounds.through++
}

/** Whether no later round of this agent was applied: of the boot heard of last, or of a new one. */
export function isLatest(applied: ReadonlyMap<string, AppliedRounds>, boot: string, counter: number): boolean {
  const rounds = applied.get(boot)
  if (rounds === undefined) return true
  return boot === [...applied.keys()].at(-1) && counter > Math.max(rounds.through, ...rounds.above)
}
