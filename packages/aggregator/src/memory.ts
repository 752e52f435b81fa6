import { agentKey, type Fleet, type FleetAgent, restoreWindows } from '@oddnode/diagnosis'
import type { Plan } from '@oddnode/protocol'
import { agentRow, stateRows } from './evaluation.ts'
import { type Batch, emptyBatch, type Remembered, type RememberedAgent } from './store/store.ts'

/**
 * Puts what a data file remembers into a fleet. What the fleet knows already stands: it is newer.
 * @param intern gives one object for all agents with the same plan
 */
export function remember(fleet: Fleet, { plans, agents, findings }: Remembered, intern: (plan: Plan) => Plan): void {
  for (const remembered of agents) {
    const plan = plans.get(remembered.planId)
    const key = agentKey(remembered.node, remembered.vantage)
    if (!plan || fleet.agents.has(key)) continue
    fleet.agents.set(key, agentOf(remembered, intern(plan), fleet))
    expectNode(fleet, remembered)
  }
  for (const finding of findings) if (!fleet.findings.has(finding.id)) fleet.findings.set(finding.id, finding)
}

/** All that is known now, for a data file that missed some of it. */
export function snapshotOf(fleet: Fleet): Batch {
  const agents = [...fleet.agents.values()]
  return {
    ...emptyBatch(),
    plans: [...new Set(agents.map(({ plan }) => plan))],
    agents: agents.map(agentRow),
    states: agents.flatMap(stateRows),
    facts: agents.flatMap(factsRow),
    clocks: agents.flatMap(clockRows),
    findings: [...fleet.findings.values()],
    whole: true,
  }
}

/** The present reading of every reference of an agent. */
export function clockRows({ node, vantage, clocks }: FleetAgent): Batch['clocks'] {
  return clocks.map((reading) => ({ agent: agentKey(node, vantage), reading }))
}

const factsRow = ({ node, vantage, facts, lastSeen }: FleetAgent): Batch['facts'] =>
  facts === null ? [] : [{ agent: agentKey(node, vantage), at: lastSeen, facts }]

function agentOf(
  { states, applied, planId: _, ...rest }: RememberedAgent,
  plan: Plan,
  { thresholds }: Fleet,
): FleetAgent {
  const rounds = Object.entries(applied).map(
    ([boot, { through, above }]) => [boot, { through, above: new Set(above) }] as const,
  )
  return { ...rest, plan, windows: restoreWindows(plan, thresholds, states), applied: new Map(rounds) }
}

/** Kubernetes' attributes come with the discovery; until then a node is known by its agents. */
function expectNode(fleet: Fleet, { node, vantage, facts }: RememberedAgent): void {
  const known = fleet.nodes.get(node)
  if (known) known.expected = [...new Set([...known.expected, vantage])].sort()
  else {
    const attributes: Record<string, string> = facts?.system ? { kernel: facts.system.kernel, os: facts.system.os } : {}
    fleet.nodes.set(node, { name: node, ready: null, attributes, createdAt: null, expected: [vantage] })
  }
}
