import {
  type AgentRow,
  type AgentStateChange,
  agentKey,
  applyCluster,
  applyRound,
  applyTick,
  type Fleet,
  type FleetAgent,
  probeKey,
  probeState,
  type Recording,
  type RoundEffect,
  type RoundInput,
} from '@oddnode/diagnosis'
import type { Cluster, Plan } from '@oddnode/protocol'
import type { BeforePush, History } from './history.ts'
import type { Batch, StateRow } from './store/store.ts'
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
  /** Takes over a new picture of the cluster. */
  takeCluster: (cluster: Cluster) => void
  /**
   * To be called each second: evaluates if something changed, and from time to time because silence changes nothing.
   * @returns whether more waits than one evaluation may take: to be called again soon
   */
  tick: () => boolean
  /** Grows with every tick: a report from before may then be out of date. */
  revision: () => number
}

export type EvaluationOptions = {
  fleet: Fleet
  /** What is noted for whoever asks for the past. */
  history: History
  /** Seconds on the fleet's clock. */
  now: () => number
  record: (part: Partial<Batch>) => void
  committed: () => Promise<void> | null
  onEvaluation: (seconds: number) => void
  /** Takes down every input, so that it can be replayed; null where nobody asked for it. */
  recording: () => Recording | null
}

/** Silence and clocks change without a state that changes: they wait this long at most. */
const QUIET_SECONDS = 10
/** While something is odd, samples that change no state decide what it is. */
const ODD_SECONDS = 2
/** An evaluation that takes long is followed by a rest of this many times its duration: pushes are not kept waiting. */
const REST = 4

export function createEvaluation(options: EvaluationOptions): Evaluation {
  const { fleet, history, now, record, committed, onEvaluation, recording } = options
  const suspects = createSuspects()
  let revision = 0
  let changed = true
  let dueAt = -Infinity
  let restUntil = -Infinity
  /** Agents that have told of rounds from before, since the last evaluation. */
  const catchingUp = new Set<string>()

  function evaluate(at: number): boolean {
    changed = false
    catchingUp.clear()
    recording()?.tick(at)
    const { changes, findings } = applyTick(fleet, at)
    recording()?.findings(findings)
    dueAt = at + (findings.odd > 0 ? ODD_SECONDS : QUIET_SECONDS)
    const told = [...findings.opened, ...findings.updated, ...findings.ended]
    record({
      ...changeRows(fleet, changes, at),
      findings: told.map((finding) => ({ notedAt: at, finding })),
    })
    const seconds = now() - at
    restUntil = at + (1 + REST) * seconds
    onEvaluation(seconds)
    changed ||= findings.waiting > 0
    return findings.waiting > 0
  }

  /** What an agent saw while it was cut off is looked at before what it sees now: that may already be well, within the same second. */
  function lookBack({ node, vantage, round, plan }: RoundInput): void {
    const key = agentKey(node, vantage)
    const at = now()
    if (round.ageSeconds > plan.intervalSeconds) catchingUp.add(key)
    else if (catchingUp.delete(key) && at >= restUntil) evaluate(at)
  }

  return {
    fleet,
    take: (input) => {
      lookBack(input)
      recording()?.round(input)
      const before = beforePush(fleet, input)
      const effect = applyRound(fleet, input)
      const agent = fleet.agents.get(effect.agent)
      if (!agent) throw new Error(`agent ${effect.agent} is missing after its round`)
      if (!effect.duplicate) suspects.note(agent, input)
      const noted = effect.duplicate ? null : history.pushed(agent, effect, before, input.receivedAt)
      if (noted !== null) record(noted)
      const stored = isStored(effect)
      // What no store keeps may be worth a look all the same: a step of a clock, a table that fills.
      if (fleet.ledger.dirty.size > 0) changed = true
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
    takeCluster: (cluster) => {
      const at = now()
      recording()?.cluster(at, cluster)
      applyCluster(fleet, at, cluster)
      record(history.clusterTaken(at))
      changed = true
    },
    tick: () => {
      const at = now()
      revision++
      const known = history.ticked(at)
      if (known !== null) record(known)
      if (at < restUntil) return true
      return !changed && at < dueAt ? false : evaluate(at)
    },
    revision: () => revision,
  }
}

const isStored = ({ duplicate, newAgent, planChanged, stoppedChanged, factsChanged, changes }: RoundEffect) =>
  !duplicate && (newAgent || planChanged || stoppedChanged || factsChanged || changes.length > 0)

/** What a push may change of its agent, from before. */
function beforePush({ agents }: Fleet, { node, vantage }: RoundInput): BeforePush | null {
  const agent = agents.get(agentKey(node, vantage))
  return agent === undefined ? null : { plan: agent.plan, lastSeen: agent.lastSeen }
}

function rowsOf(agent: FleetAgent, effect: RoundEffect, at: number): Partial<Batch> {
  const isNewPlan = effect.newAgent || effect.planChanged
  const { changes, states } = agentChangeRows(agent, effect.changes, at)
  return {
    agents: [agentRow(agent)],
    changes,
    plans: isNewPlan ? [agent.plan] : [],
    replanned: isNewPlan ? [effect.agent] : [],
    states: isNewPlan ? stateRows(agent) : states,
    facts: effect.factsChanged && agent.facts ? [{ agent: effect.agent, at, facts: agent.facts }] : [],
  }
}

type ChangeRows = Pick<Batch, 'changes' | 'states'>

function changeRows(fleet: Fleet, changes: readonly AgentStateChange[], at: number): ChangeRows {
  const rows: ChangeRows = { changes: [], states: [] }
  for (const [key, ofAgent] of Map.groupBy(changes, (change) => change.agent)) {
    const agent = fleet.agents.get(key)
    if (!agent) continue
    const { changes, states } = agentChangeRows(agent, ofAgent, at)
    rows.changes.push(...changes)
    rows.states.push(...states)
  }
  return rows
}

function agentChangeRows(agent: FleetAgent, changes: readonly AgentStateChange[], at: number): ChangeRows {
  const probes = [...new Set(changes.map(({ probe }) => probe))]
  const states = probes.map((probe) => ({ agent: agentKey(agent.node, agent.vantage), state: stateOf(agent, probe) }))
  return { changes: changesOf(agent.plan, states, at), states }
}

/** States as steps of the past. */
export function changesOf(plan: Plan, states: readonly StateRow[], at: number): Batch['changes'] {
  return states.map(({ agent, state }) => ({ notedAt: at, agent, key: probeKey(plan, state.probe), state }))
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
