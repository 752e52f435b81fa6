import type { Plan } from '@oddnode/protocol'
import { sampledSeconds } from './sampled-ways.ts'
import type { Random } from './spread.ts'

/** When each probe of a plan is due next, in seconds on the agent's monotonic clock. */
export type DueTimes = number[]

/** A fresh agent does not leave a cell empty for an hour. */
const FIRST_ROUNDS = 5

/**
 * Probes of every round are due at once. A rarer one is due first at a random time within its period, at most within five rounds: agents
 * that start together do not ask together. What the budget of CoreDNS makes rare waits for its whole period: after a roll-out all agents of a
 * large cluster start together, or with another plan.
 */
export function firstDue(plan: Plan, now: number, random: Random): DueTimes {
  const sampled = sampledSeconds(plan)
  return plan.probes.map(({ everySeconds, target }) => {
    const withinSeconds = Math.max(FIRST_ROUNDS * plan.intervalSeconds, sampled[target] ?? 0)
    return now + random() * Math.min(everySeconds, withinSeconds)
  })
}

/** The indexes of the probes that a round starting now asks, and their next due times. */
export function takeDue(plan: Plan, due: DueTimes, now: number): { probes: number[]; next: DueTimes } {
  const probes: number[] = []
  const next = due.map((at, probe) => {
    const { everySeconds, onlyAfterTruncation } = plan.probes[probe] ?? {}
    if (onlyAfterTruncation || at > now) return at
    probes.push(probe)
    return now + (everySeconds ?? 0)
  })
  return { probes, next }
}
