import { median } from '@oddnode/diagnosis'
import {
  hasAnswer,
  type Judgement,
  judge,
  type Observation,
  type Outcome,
  type Plan,
  type Question,
  rcodeName,
  type State,
  type Target,
  type Transport,
} from '@oddnode/protocol'
import { type Asked, isUnwell } from './ask-plan.ts'
import { outcomeWords } from './outcome-words.ts'

/** What a probe came to over all that it was asked. */
export type ProbeResult = {
  target: Target
  transport: Transport
  question: Question
  /** `fixed-port`, or the name asked, where the question alone does not say it; else null. */
  variant: string | null
  /** Failing: bad each time; degraded: bad or late some of the times; no-data: this machine could not ask, or the answer tells nothing. */
  state: State
  /** The outcome, its RCODE and its error that `words` are about: the first that was not well, else the first. */
  outcome: Outcome
  rcode: string | null
  error: string | null
  outcomes: Partial<Record<Outcome, number>>
  answered: number
  asked: number
  /** Of the answers; null without one. */
  medianSeconds: number | null
  words: string
}

/** @throws RangeError where the plan has no such probe */
export function probeResult(plan: Plan, { probe, observations }: Asked): ProbeResult {
  const planned = plan.probes[probe]
  const target = plan.targets[planned?.target ?? -1]
  const [first] = observations
  if (planned === undefined || target === undefined || first === undefined)
    throw new RangeError(`probe ${probe} of plan ${plan.id} was not asked`)
  const told = observations.find((seen) => isUnwell(planned, seen, target.role)) ?? first
  return {
    target,
    transport: planned.transport,
    question: planned.question,
    variant: planned.sourcePort === 'fixed' ? 'fixed-port' : (planned.name ?? null),
    state: stateOf(observations.map((seen) => judge(planned, seen, target.role))),
    outcome: told.outcome,
    rcode: told.rcode === null ? null : rcodeName(told.rcode),
    error: told.error,
    outcomes: countsOf(observations),
    answered: observations.filter(({ outcome }) => hasAnswer(outcome)).length,
    asked: observations.length,
    medianSeconds: medianOf(observations),
    words: outcomeWords({ ...planned, role: target.role }, told, plan.closeSeconds),
  }
}

function stateOf(judgements: readonly Judgement[]): State {
  const telling = judgements.filter((judgement) => judgement !== 'none')
  if (telling.length === 0) return 'no-data'
  // One bad among answers that settle nothing is a lost packet.
  const isSure = telling.length > 1 || judgements.length === 1
  if (isSure && telling.every((judgement) => judgement === 'bad')) return 'failing'
  return telling.every((judgement) => judgement === 'good') ? 'ok' : 'degraded'
}

function countsOf(observations: readonly Observation[]): ProbeResult['outcomes'] {
  const counts: ProbeResult['outcomes'] = {}
  for (const { outcome } of observations) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}

function medianOf(observations: readonly Observation[]): number | null {
  const times = observations.flatMap(({ seconds }) => seconds ?? [])
  return times.length === 0 ? null : median(times)
}
