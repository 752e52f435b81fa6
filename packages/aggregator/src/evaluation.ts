import {
  type AgentStateChange,
  agentKey,
  applyRound,
  applyTick,
  type Fleet,
  type FleetAgent,
  probeState,
  type RoundEffect,
  type RoundInput,
} from '@oddnode/diagnosis'
import type { AgentRow, Batch, StateRow } from './store/store.ts'
import { createSuspects } from './suspects.ts'

/** What a push came to. */
export type Taken = {
  /** Resolves when what the round changed is committed; null where it changed nothing that is stored. */
  committed: Promise<void> | null
  /** The aggregator has no facts of this agent. */
  wantFacts: boolean
  /** Targets of the round's plan that the agent should ask now, because its twin doubts them. */
  suspects: number[]
}

/** Applies rounds as they come, and works out the findings when it is time to. */
export type Evaluation = {
  fleet: Fleet
  take: (input: RoundInput) => Taken
  /** To be called each second: evaluates if something changed, and from time to time because silence changes nothing. */
  tick: () => void
  /** Grows with every tick: a report from before may then be out of date. */
  revision: () => number
}

export type EvaluationOptions = {
  fleet: Fleet
  /** Seconds on the fleet's clock. */
  now: () => number
  record: (part: Partial<Batch>) => void
  committed: () => Promise<void> | null
  onEvaluation: (seconds: number) => void
}

/** Silence and clocks change without a state that changes: they wait this long at most. */
const QUIET_SECONDS = 10
/** An evaluation that takes long is followed by a rest of this many times its duration: pushes are not kept waiting. */
const REST = 4

export function createEvaluation({ fleet, now, record, committed, onEvaluation }: EvaluationOptions): Evaluation {
  const suspects = createSuspects()
  let revision = 0
  let changed = true
  let evaluatedAt = -Infinity
  let restUntil = -Infinity

  return {
    fleet,
    take: (input) => {
      const effect = applyRound(fleet, input)
      const agent = fleet.agents.get(effect.agent)
      if (!agent) throw new Error(`agent ${effect.agent} is missing after its round`)
      if (!effect.duplicate) suspects.note(agent, input)
      const stored = isStored(effect)
      if (stored) {
        changed = true
        record(rowsOf(agent, effect, input.receivedAt))
      }
      return {
        committed: stored ? committed() : null,
        wantFacts: agent.facts === null,
        suspects: suspects.of(agent, input.plan, input.receivedAt),
      }
    },
    tick: () => {
      const at = now()
      revision++
      if (at < restUntil || (!changed && at - evaluatedAt < QUIET_SECONDS)) return
      changed = false
      evaluatedAt = at
      const { changes, findings } = applyTick(fleet, at)
      record({ ...changeRows(fleet, changes), findings: [...findings.opened, ...findings.updated, ...findings.ended] })
      const seconds = now() - at
      restUntil = at + (1 + REST) * seconds
      onEvaluation(seconds)
    },
    revision: () => revision,
  }
}

const isStored = ({ duplicate, newAgent, planChanged, stoppedChanged, factsChanged, changes }: RoundEffect) =>
  !duplicate && (newAgent || planChanged || stoppedChanged || factsChanged || changes.length > 0)

function rowsOf(agent: FleetAgent, effect: RoundEffect, at: number): Partial<Batch> {
  const isNewPlan = effect.newAgent || effect.planChanged
  const { changes, states } = agentChangeRows(agent, effect.changes)
  return {
    agents: [agentRow(agent)],
    changes,
    plans: isNewPlan ? [agent.plan] : [],
    replanned: isNewPlan ? [effect.agent] : [],
    states: isNewPlan ? stateRows(agent) : states,
    facts: effect.factsChanged && agent.facts ? [{ agent: effect.agent, at, facts: agent.facts }] : [],
  }
}

function changeRows(fleet: Fleet, changes: readonly AgentStateChange[]): Pick<Batch, 'changes' | 'states'> {
  const rows: Pick<Batch, 'changes' | 'states'> = { changes: [], states: [] }
  for (const [key, ofAgent] of Map.groupBy(changes, (change) => change.agent)) {
    const agent = fleet.agents.get(key)
    if (!agent) continue
    const { changes, states } = agentChangeRows(agent, ofAgent)
    rows.changes.push(...changes)
    rows.states.push(...states)
  }
  return rows
}

function agentChangeRows(agent: FleetAgent, changes: readonly AgentStateChange[]): Pick<Batch, 'changes' | 'states'> {
  const rows = changes.map((change) => ({ ...change, evidence: stateOf(agent, change.probe) }))
  return { changes: rows, states: rows.map(({ agent, evidence }) => ({ agent, state: evidence })) }
}

const stateOf = (agent: FleetAgent, probe: number) => ({ ...probeState(agent.windows, probe), probe })

/** The states of all probes of an agent that were looked at. */
export function stateRows(agent: FleetAgent): StateRow[] {
  const key = agentKey(agent.node, agent.vantage)
  return agent.plan.probes
    .map((_, probe) => ({ agent: key, state: stateOf(agent, probe) }))
    .filter(({ state }) => state.reason !== 'not-looked-at')
}

/** An agent as the store has it. */
export function agentRow({ node, vantage, version, plan, ...agent }: FleetAgent): AgentRow {
  const applied = [...agent.applied].map(
    ([boot, { through, above }]) => [boot, { through, above: [...above] }] as const,
  )
  const { firstSeen, lastSeen, stopped, droppedRounds } = agent
  const rest = { firstSeen, lastSeen, stopped, droppedRounds, applied: Object.fromEntries(applied) }
  return { node, vantage, version, planId: plan.id, ...rest }
}
