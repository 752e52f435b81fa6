import type { Vantage } from '@oddnode/protocol'
import { agentKey, type Fleet, type FleetAgent, type FleetNode } from './fleet.ts'

/** A value of a fact, and the nodes that have it, in the order of their names. */
export type SharedValue = { value: string; nodes: readonly string[] }

/** The nodes of a group, by what each has of one fact. */
export type GroupValues = {
  /** What more than half of at least three nodes have; null where there is no majority. */
  usual: string | null
  /** At least one; what most nodes have comes first. */
  values: readonly SharedValue[]
}

/** A node is compared after so many rounds: its first ones come while it is set up. */
const ROUNDS_UNTIL_COMPARED = 2

type ReadFact = (agent: FleetAgent, node: FleetNode) => string | null

/**
 * What the nodes of each group have of a fact. A silent agent's last facts count: what a node is does not change because nobody tells of
 * it. Nodes that are cordoned are left out: they may be on their way out.
 * @param read null where it is not known
 */
export function groupValues(fleet: Fleet, vantage: Vantage, read: ReadFact): GroupValues[] {
  const groups = new Map<string, Map<string, string[]>>()
  for (const node of fleet.nodes.values()) {
    const agent = fleet.agents.get(agentKey(node.name, vantage))
    if (agent === undefined || node.cordoned || isJustSeen(fleet, agent)) continue
    const value = read(agent, node)
    if (value === null) continue
    const values = groups.get(node.group) ?? new Map<string, string[]>()
    groups.set(node.group, values)
    const nodes = values.get(value)
    if (nodes === undefined) values.set(value, [node.name])
    else nodes.push(node.name)
  }
  const inOrder = [...groups].sort(([a], [b]) => (a < b ? -1 : 1))
  return inOrder.map(([, values]) => valuesOf(fleet, values))
}

/** Those whose nodes do not all have the same. */
export const differingGroups = (fleet: Fleet, vantage: Vantage, read: ReadFact): GroupValues[] =>
  groupValues(fleet, vantage, read).filter(({ values }) => values.length > 1)

const isJustSeen = ({ now }: Fleet, { firstSeen, plan }: FleetAgent): boolean =>
  now - firstSeen < ROUNDS_UNTIL_COMPARED * plan.intervalSeconds

function valuesOf({ thresholds }: Fleet, byValue: ReadonlyMap<string, string[]>): GroupValues {
  const values = [...byValue].map(([value, nodes]) => ({ value, nodes: nodes.sort() }))
  values.sort((a, b) => b.nodes.length - a.nodes.length || (a.value < b.value ? -1 : 1))
  const count = values.reduce((sum, { nodes }) => sum + nodes.length, 0)
  const [most] = values
  const isMajority = most !== undefined && most.nodes.length * 2 > count && count >= thresholds.fewestNodesToCompare
  return { usual: isMajority ? most.value : null, values }
}
