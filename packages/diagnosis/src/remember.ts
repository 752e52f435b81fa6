import type { Facts, Finding, Plan, Vantage } from '@oddnode/protocol'
import { createClockMemory } from './clock-memory.ts'
import { agentKey, type ClockReading, createNode, type Fleet, type FleetAgent } from './fleet.ts'
import { agentNoLater, findingNoLater } from './no-later.ts'
import { type RestoredState, restoreWindows } from './restore.ts'

/** What a restart must not forget of one agent, without its states. All times in seconds on the aggregator's clock. */
export type AgentRow = {
  node: string
  vantage: Vantage
  version: string
  planId: string
  firstSeen: number
  lastSeen: number
  stopped: boolean
  droppedRounds: number
  /** Boot id → highest counter up to which every round was applied, and those above it. */
  applied: Readonly<Record<string, { through: number; above: readonly number[] }>>
}

export type RememberedAgent = AgentRow & { states: RestoredState[]; facts: Facts | null; clocks: ClockReading[] }

/** What outlived a restart. */
export type Remembered = {
  /** By their id. */
  plans: ReadonlyMap<string, Plan>
  agents: readonly RememberedAgent[]
  /** Open ones, and those that ended within the flapping time. */
  findings: readonly Finding[]
}

/**
 * Puts what outlived a restart into a fleet. What the fleet knows already stands: it is newer. A time in the future becomes one before
 * the aggregator began to listen.
 * @param intern gives one object for all agents with the same plan
 */
export function remember(fleet: Fleet, { plans, agents, findings }: Remembered, intern: (plan: Plan) => Plan): void {
  for (const remembered of agents) {
    const plan = plans.get(remembered.planId)
    const key = agentKey(remembered.node, remembered.vantage)
    if (!plan || fleet.agents.has(key)) continue
    fleet.agents.set(key, agentOf(agentNoLater(remembered, fleet), intern(plan), fleet))
    expectNode(fleet, remembered)
  }
  for (const finding of findings) {
    if (!fleet.findings.has(finding.id)) fleet.findings.set(finding.id, findingNoLater(finding, fleet))
  }
}

function agentOf(
  { states, applied, planId: _, ...rest }: RememberedAgent,
  plan: Plan,
  { thresholds }: Fleet,
): FleetAgent {
  const rounds = Object.entries(applied).map(
    ([boot, { through, above }]) => [boot, { through, above: new Set(above) }] as const,
  )
  const windows = restoreWindows(plan, thresholds, states)
  return {
    ...rest,
    plan,
    windows,
    counters: new Map(),
    clockMemory: createClockMemory(rest.clocks),
    applied: new Map(rounds),
  }
}

/** Kubernetes' attributes come with the discovery; until then a node is known by its agents. */
function expectNode(fleet: Fleet, { node, vantage, facts }: RememberedAgent): void {
  const known = fleet.nodes.get(node)
  if (known) known.expected = [...new Set([...known.expected, vantage])].sort()
  else {
    const attributes: Record<string, string> = facts?.system ? { kernel: facts.system.kernel, os: facts.system.os } : {}
    fleet.nodes.set(node, { ...createNode(node, [vantage]), attributes })
  }
}
