import { decodeSamples, type Plan, type Round, type Sample, UNKNOWN_PLAN } from '@oddnode/protocol'
import { problemOf, RequestRefused } from './http/problem.ts'
import type { PlanPool } from './plan-pool.ts'
import type { Planner } from './plans/planner.ts'

export type ReadRound = { plan: Plan; samples: Sample[] }

export type PlanSources = {
  /** Made by agents. */
  plans: PlanPool
  /** Made here. */
  planner: Pick<Planner, 'byId'>
}

/**
 * Finds the plan that a round's indexes belong to (the one that this agent has, was given here, or brings along), decodes the columns, and
 * checks what no schema can say.
 * @param own the plan that this agent has, as far as it is known
 * @throws RequestRefused with the JSON pointer to what is wrong
 */
export function readRound(round: Round, own: Plan | undefined, sources: PlanSources): ReadRound {
  const plan = planOf(round, own, sources)
  const samples = decodeSamples(round, plan.probes.length)
  if (Array.isArray(samples)) return { plan, samples }
  throw invalid(samples.pointer, samples.detail)
}

function planOf({ plan: id, planBody }: Round, own: Plan | undefined, { plans, planner }: PlanSources): Plan {
  if (!planBody) {
    if (own?.id === id) return own
    const given = planner.byId(id)
    if (given) return given
    const detail = `The plan ${id} is not known here: push the round again with planBody.`
    throw new RequestRefused('unknown-plan', { ...problemOf(409, 'Unknown plan', detail, '/plan'), type: UNKNOWN_PLAN })
  }
  if (planBody.id !== id) throw invalid('/planBody/id', 'must be the id that /plan names')
  const lost = planBody.probes.findIndex(({ target }) => target >= planBody.targets.length)
  if (lost !== -1) throw invalid(`/planBody/probes/${lost}/target`, `is none of the ${planBody.targets.length} targets`)
  return plans.intern(planBody)
}

const invalid = (pointer: string, detail: string) =>
  new RequestRefused('invalid', problemOf(400, 'Invalid request', `${pointer} ${detail}`, pointer))
