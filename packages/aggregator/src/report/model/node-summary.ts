import {
  type AgentStatus,
  agentKey,
  agentState,
  agentStatus,
  clockState,
  type Fleet,
  type FleetAgent,
  type FleetNode,
  type Named,
  stateOfNode,
} from '@oddnode/diagnosis'
import type { Plan, Vantage } from '@oddnode/protocol'
import { visibleDeep, visibleText } from '@oddnode/protocol'
import type { NodeSummary } from './moment.ts'

/** Sums up nodes, and remembers each of them until something of it changed. */
export type Summaries = (fleet: Fleet, node: FleetNode, named: Named | undefined) => NodeSummary

/** A clock's reading becomes stale without a change: it is looked at again after so many seconds. */
const CLOCK_SECONDS = 10

/** Nodes come and go: above this many more than there are, all are forgotten. */
const SLACK = 1000

export function createSummaries(): Summaries {
  const kept = new Map<string, Kept>()
  return (fleet, node, named) => {
    const heard = node.expected.map((vantage) => heardOf(fleet, node, vantage))
    const known = kept.get(node.name)
    if (known !== undefined && isSame(known, node, named, heard) && fleet.now - known.at < CLOCK_SECONDS)
      return known.summary
    if (kept.size > fleet.nodes.size + SLACK) kept.clear()
    const summary = summaryOf(fleet, node, named, heard)
    kept.set(node.name, { node, named, heard, at: fleet.now, summary })
    return summary
  }
}

type Kept = {
  node: FleetNode
  named: Named | undefined
  heard: readonly Heard[]
  /** Seconds on the aggregator's clock. */
  at: number
  summary: NodeSummary
}

/** An agent, and what changes with every push and every state of it. */
type Heard = {
  vantage: Vantage
  agent: FleetAgent | undefined
  status: AgentStatus
  lastSeen: number
  revision: number
}

function heardOf(fleet: Fleet, node: FleetNode, vantage: Vantage): Heard {
  const agent = fleet.agents.get(agentKey(node.name, vantage))
  const status = agentStatus(fleet, node, agent, fleet.now)
  return { vantage, agent, status, lastSeen: agent?.lastSeen ?? 0, revision: agent?.windows.revision ?? 0 }
}

function isSame(known: Kept, node: FleetNode, named: Named | undefined, heard: readonly Heard[]): boolean {
  return (
    known.node === node &&
    known.named?.severity === named?.severity &&
    known.named?.clock === named?.clock &&
    known.heard.length === heard.length &&
    known.heard.every((one, i) => {
      const now = heard[i]
      return (
        one.agent === now?.agent &&
        one.status === now?.status &&
        one.lastSeen === now?.lastSeen &&
        one.revision === now?.revision
      )
    })
  )
}

function summaryOf(fleet: Fleet, node: FleetNode, named: Named | undefined, heard: readonly Heard[]): NodeSummary {
  const agents = heard.map(({ vantage, agent, status }) => ({
    vantage,
    state: agentState(fleet, node, agent, fleet.now),
    status,
  }))
  const { reading, state } = clockState(fleet, node, fleet.now, named)
  return {
    name: visibleText(node.name),
    state: stateOfNode(
      agents.map((agent) => agent.state),
      named,
    ),
    ready: node.ready,
    attributes: visibleAttributes(node.attributes),
    agents,
    clock: {
      offsetSeconds: reading?.offsetSeconds ?? null,
      uncertaintySeconds: reading?.uncertaintySeconds ?? null,
      state,
    },
    columns: heard
      .map(({ vantage, agent }) => `${vantage} ${agent === undefined ? '' : columnsOf(agent.plan)}`)
      .join('\n'),
  }
}

type Attributes = FleetNode['attributes']
const visible = new WeakMap<Attributes, Attributes>()

function visibleAttributes(attributes: Attributes): Attributes {
  const known = visible.get(attributes) ?? visibleDeep(attributes)
  visible.set(attributes, known)
  return known
}

const columnsOfPlan = new WeakMap<Plan, string>()

/** What a plan asks, as the matrix has it: target and transport. Worked out once for each plan object. */
function columnsOf(plan: Plan): string {
  const known = columnsOfPlan.get(plan)
  if (known !== undefined) return known
  const columns = plan.probes
    .filter(({ onlyAfterTruncation }) => !onlyAfterTruncation)
    .map(({ target, transport }) => {
      const { role, address, port } = plan.targets[target] ?? {}
      return `${role} ${address} ${port} ${transport}`
    })
  const key = [...new Set(columns)].sort().join(',')
  columnsOfPlan.set(plan, key)
  return key
}
