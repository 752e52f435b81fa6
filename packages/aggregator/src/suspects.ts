import { agentKey, type FleetAgent, type RoundInput } from '@oddnode/diagnosis'
import { judge, type Plan, type Target, type Vantage } from '@oddnode/protocol'

/**
 * Which targets an agent should ask at once because its twin got bad answers from them: is it the vantage or the target?
 */
export type Suspects = {
  /** Takes note of what a round saw. */
  note: (agent: FleetAgent, input: RoundInput) => void
  /** Indexes into the plan's targets that the agent's twin doubts now. */
  of: (agent: FleetAgent, plan: Plan, now: number) => number[]
}

/** As long as an agent asks again itself: six times at five seconds. After that the matter is decided. */
const DOUBT_SECONDS = 30

type Doubts = Map<string, number>

const targetKey = ({ address, port }: Target) => `${address} ${port}`
const twinOf = (vantage: Vantage): Vantage => (vantage === 'host' ? 'pod' : 'host')

export function createSuspects(): Suspects {
  /** Agent → target → when it first answered badly. Only agents with such a target are in it. */
  const byAgent = new Map<string, Doubts>()
  return {
    note: (agent, input) => {
      const key = agentKey(agent.node, agent.vantage)
      const bad = badTargets(input)
      const known = byAgent.get(key)
      if (bad.size === 0 && !known) return
      const doubts = updated(known ?? new Map(), bad, input)
      if (doubts.size > 0) byAgent.set(key, doubts)
      else byAgent.delete(key)
    },
    of: (agent, plan, now) => {
      const doubts = byAgent.get(agentKey(agent.node, twinOf(agent.vantage)))
      if (!doubts) return []
      return plan.targets.flatMap((target, index) => {
        const since = doubts.get(targetKey(target))
        return since !== undefined && now - since < DOUBT_SECONDS ? [index] : []
      })
    },
  }
}

/** Indexes of the targets that gave a bad answer in this round. */
function badTargets({ plan, samples }: RoundInput): Set<number> {
  const bad = new Set<number>()
  for (const { probe, observation } of samples) {
    const planned = plan.probes[probe]
    if (planned && judge(planned, observation, plan.targets[planned.target]?.role) === 'bad') bad.add(planned.target)
  }
  return bad
}

/** A target that was asked and gave nothing bad is doubted no longer; one that was not asked is as before. */
function updated(known: Doubts, bad: ReadonlySet<number>, { plan, samples, receivedAt }: RoundInput): Doubts {
  const doubts = new Map(known)
  for (const { probe } of samples) {
    const index = plan.probes[probe]?.target
    const target = index === undefined ? undefined : plan.targets[index]
    if (index === undefined || !target) continue
    const key = targetKey(target)
    if (!bad.has(index)) doubts.delete(key)
    else if (!doubts.has(key)) doubts.set(key, receivedAt)
  }
  return doubts
}
