import { MAX_PROBES, MAX_TARGETS, makePlan, type Plan, type PlanInput } from '@oddnode/protocol'

/**
 * The plan, with as many of its targets as the wire carries: an agent refuses a larger one whole. CoreDNS pods are left out first, since
 * other nodes ask those; then whatever comes last.
 */
export function fittingPlan(input: PlanInput): Plan {
  const whole = makePlan(input)
  if (fits(whole)) return whole
  const isEndpoint = ({ role }: PlanInput['targets'][number]) => role === 'endpoint'
  const byNeed = [...input.targets.filter((target) => !isEndpoint(target)), ...input.targets.filter(isEndpoint)]
  const planWith = (count: number) => {
    const kept = new Set(byNeed.slice(0, count))
    return makePlan({ ...input, targets: input.targets.filter((target) => kept.has(target)) })
  }
  let [fitting, tooMany] = [0, byNeed.length]
  while (tooMany - fitting > 1) {
    const middle = (fitting + tooMany) >> 1
    if (fits(planWith(middle))) fitting = middle
    else tooMany = middle
  }
  return planWith(fitting)
}

export const fits = ({ probes, targets }: Plan): boolean => probes.length <= MAX_PROBES && targets.length <= MAX_TARGETS
