import type { Plan } from '@oddnode/protocol'

/** Keeps one object for all agents that have the same plan. */
export type PlanPool = {
  /** @returns a plan of the same content: the one that was known before, if there is one */
  intern: (plan: Plan) => Plan
  size: () => number
}

const FIRST_SWEEP = 64

/**
 * An id is not believed on its own: of two plans with one id each agent keeps its own, so that none can change what another's rounds mean.
 * @param inUse the plans that agents have; the others are forgotten from time to time
 */
export function createPlanPool(inUse: () => Iterable<Plan>): PlanPool {
  const plans = new Map<string, Plan>()
  let sweepAt = FIRST_SWEEP
  function sweep(): void {
    const used = new Set(inUse())
    for (const [id, plan] of plans) if (!used.has(plan)) plans.delete(id)
    sweepAt = Math.max(FIRST_SWEEP, 2 * plans.size)
  }
  return {
    intern: (plan) => {
      const known = plans.get(plan.id)
      if (known) return JSON.stringify(known) === JSON.stringify(plan) ? known : plan
      if (plans.size >= sweepAt) sweep()
      plans.set(plan.id, plan)
      return plan
    },
    size: () => plans.size,
  }
}
