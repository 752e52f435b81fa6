import { type ClockSample, encodeSamples, type Facts, ROUND_SCHEMA, type Round } from '@oddnode/protocol'
import type { ClockStep } from './clock-steps.ts'
import type { BufferedRound } from './round-buffer.ts'
import type { FinishedRound } from './rounds.ts'

export type RoundContent = Pick<FinishedRound, 'plan' | 'samples' | 'endedAt'> & {
  version: string
  kind: Round['kind']
  clock: readonly ClockSample[]
  clockSteps: readonly ClockStep[]
  facts: Facts | undefined
}

/** Encodes once what stays the same however often the round is pushed. */
export function bufferedRound(counter: number, content: RoundContent): BufferedRound {
  const { plan, samples, endedAt, version, kind, clock, clockSteps, facts } = content
  const members: Omit<Round, 'ageSeconds' | 'droppedRounds' | 'facts'> = {
    schema: ROUND_SCHEMA,
    version,
    plan: plan.id,
    kind,
    ...encodeSamples(samples),
    ...(clock.length > 0 ? { clock: [...clock] } : {}),
    ...(clockSteps.length > 0 ? { clockSteps: clockSteps.map((step) => wireStep(step, endedAt)) } : {}),
  }
  return {
    counter,
    endedAt,
    planId: plan.id,
    members: JSON.stringify(members).slice(1, -1),
    facts: facts ? JSON.stringify(facts) : null,
  }
}

const wireStep = ({ at, seconds, asleep }: ClockStep, endedAt: number) => ({
  ageSeconds: Math.max(0, endedAt - at),
  seconds,
  asleep,
})

/** The body of one push: the members and facts with what changes from push to push. */
export function pushBody(
  round: BufferedRound,
  changing: Pick<Round, 'ageSeconds' | 'droppedRounds' | 'planBody'>,
): string {
  const facts = round.facts === null ? '' : `,"facts":${round.facts}`
  return `${JSON.stringify(changing).slice(0, -1)},${round.members}${facts}}`
}
