import { agentKey, type Fleet, type FleetAgent, type Remembered, remember } from '@oddnode/diagnosis'
import type { Plan } from '@oddnode/protocol'
import { agentRow, changesOf, stateRows } from './evaluation.ts'
import type { History } from './history.ts'
import { type Batch, emptyBatch } from './store/store.ts'

/** All that is known now, for a data file that missed some of it. */
export function snapshotOf(fleet: Fleet, history: History): Batch {
  const agents = [...fleet.agents.values()]
  const states = agents.map((agent) => ({ plan: agent.plan, rows: stateRows(agent) }))
  return {
    ...emptyBatch(),
    ...history.all(fleet.now),
    plans: [...new Set(agents.map(({ plan }) => plan))],
    agents: agents.map(agentRow),
    states: states.flatMap(({ rows }) => rows),
    changes: states.flatMap(({ plan, rows }) => changesOf(plan, rows, fleet.now)),
    facts: agents.flatMap(factsRow),
    clocks: agents.flatMap(clockRows),
    findings: [...fleet.findings.values()].map((finding) => ({ notedAt: fleet.now, finding })),
    whole: true,
  }
}

/** The same as a restart would find it. */
export function rememberedOf(fleet: Fleet): Remembered {
  const agents = [...fleet.agents.values()]
  return {
    plans: new Map(agents.map(({ plan }) => [plan.id, plan])),
    agents: agents.map((agent) => ({
      ...agentRow(agent),
      states: stateRows(agent).map(({ state }) => state),
      facts: agent.facts,
      clocks: agent.clocks,
    })),
    findings: [...fleet.findings.values()],
  }
}

/**
 * Puts what outlived a restart into a fleet: all of it, or nothing.
 * @throws whatever keeps it from being put there, with the fleet as it was
 */
export function rememberWhole(fleet: Fleet, remembered: Remembered, intern: (plan: Plan) => Plan): void {
  const { agents, nodes, findings } = fleet
  const known = {
    agents: new Set(agents.keys()),
    expected: new Map([...nodes].map(([name, { expected }]) => [name, expected])),
    findings: new Set(findings.keys()),
  }
  try {
    remember(fleet, remembered, intern)
  } catch (error) {
    for (const key of agents.keys()) if (!known.agents.has(key)) agents.delete(key)
    for (const id of findings.keys()) if (!known.findings.has(id)) findings.delete(id)
    for (const [name, node] of nodes) {
      const expected = known.expected.get(name)
      if (expected === undefined) nodes.delete(name)
      else node.expected = expected
    }
    throw error
  }
}

/** The present reading of every reference of an agent, as its last push told it. */
export function clockRows({
  node,
  vantage,
  clocks,
  lastSeen,
}: Pick<FleetAgent, 'node' | 'vantage' | 'clocks' | 'lastSeen'>): Batch['clocks'] {
  return clocks.map((reading) => ({ notedAt: lastSeen, agent: agentKey(node, vantage), reading }))
}

const factsRow = ({ node, vantage, facts, lastSeen }: FleetAgent): Batch['facts'] =>
  facts === null ? [] : [{ agent: agentKey(node, vantage), at: lastSeen, facts }]
