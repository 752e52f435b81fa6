import { agentKey, type Fleet, type FleetAgent, type Remembered } from '@oddnode/diagnosis'
import { agentRow, stateRows } from './evaluation.ts'
import { type Batch, emptyBatch } from './store/store.ts'

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

/** The present reading of every reference of an agent. */
export function clockRows({ node, vantage, clocks }: FleetAgent): Batch['clocks'] {
  return clocks.map((reading) => ({ agent: agentKey(node, vantage), reading }))
}

const factsRow = ({ node, vantage, facts, lastSeen }: FleetAgent): Batch['facts'] =>
  facts === null ? [] : [{ agent: agentKey(node, vantage), at: lastSeen, facts }]
