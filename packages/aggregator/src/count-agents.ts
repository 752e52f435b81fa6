import { type AgentStatus, agentKey, agentStatus, type Fleet } from '@oddnode/diagnosis'
import type { Vantage } from '@oddnode/protocol'

/** How many agents of a vantage there are: `expected` are all that ought to report, the others are parts of it. */
export function countAgents(fleet: Fleet, vantage: Vantage): Record<AgentStatus, number> {
  const counts = { expected: 0, reporting: 0, silent: 0, stopped: 0 }
  for (const node of fleet.nodes.values()) {
    if (!node.expected.includes(vantage)) continue
    counts.expected++
    const agent = fleet.agents.get(agentKey(node.name, vantage))
    if (agent) counts[agentStatus(fleet, node, agent, fleet.now)]++
  }
  return counts
}
