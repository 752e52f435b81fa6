import type { Plan } from '@oddnode/protocol'
import type { BufferedRound } from './round-buffer.ts'

/** The plans that a waiting round may name: an aggregator that started anew asks for them. */
export type KnownPlans = {
  add: (plan: Plan) => void
  byId: (id: string) => Plan | undefined
  /** Forgets those that neither the current plan nor a waiting round names. */
  keepOnly: (current: Plan, waiting: readonly BufferedRound[]) => void
}

export function createKnownPlans(first: Plan): KnownPlans {
  const plans = new Map([[first.id, first]])
  return {
    add: (plan) => void plans.set(plan.id, plan),
    byId: (id) => plans.get(id),
    keepOnly: (current, waiting) => {
      const needed = new Set([current.id, ...waiting.map((round) => round.planId)])
      for (const id of plans.keys()) if (!needed.has(id)) plans.delete(id)
    },
  }
}
