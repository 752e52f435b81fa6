import { type FleetAgent, probeState, type RoundInput } from '@oddnode/diagnosis'
import { judge } from '@oddnode/protocol'
import { wayOf } from './plans/rates.ts'

/** Older ones come from a buffer that is flushed: nobody asks that now. */
const FRESH_SECONDS = 10

/**
 * What an agent asks of CoreDNS out of turn: what failed, or what is well again and not yet believed. The rest of a plan that it leaves, a twin
 * over TCP and the step of a clock are pushed alike, and ask for nothing more.
 * @param agent after the round
 * @returns indexes into the plan's `probes`
 */
export function askedAgain(agent: FleetAgent, { round, samples, plan }: RoundInput): number[] {
  if (round.kind !== 'suspicion' || round.ageSeconds >= FRESH_SECONDS || agent.plan !== plan) return []
  const odd = samples.filter(({ probe, observation }) => {
    const planned = plan.probes[probe]
    const role = planned && plan.targets[planned.target]?.role
    if (planned === undefined || wayOf(role, planned) === null) return false
    return judge(planned, observation, role) === 'bad' || isOdd(agent, probe)
  })
  return [...new Set(odd.map(({ probe }) => probe))]
}

function isOdd({ windows }: FleetAgent, probe: number): boolean {
  const { state } = probeState(windows, probe)
  return state === 'failing' || state === 'degraded'
}
