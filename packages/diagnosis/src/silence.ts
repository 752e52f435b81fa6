import type { Vantage } from '@oddnode/protocol'
import type { View } from './fault.ts'
import { agentKey, type Fleet, type FleetAgent, type FleetNode } from './fleet.ts'

/** The agents of a node that ever pushed, host first. */
export function agentsOf(fleet: Fleet, node: string): FleetAgent[] {
  const agents = [fleet.agents.get(agentKey(node, 'host')), fleet.agents.get(agentKey(node, 'pod'))]
  return agents.filter((agent) => agent !== undefined)
}

/** Seconds without a push after which this node's agents are silent: sooner where Kubernetes calls it NotReady. */
export function silentAfterSeconds(fleet: Fleet, node: FleetNode): number {
  return node.ready === false ? fleet.thresholds.silentNotReadySeconds : fleet.thresholds.silentSeconds
}

/** Whether nothing came from this agent for too long, in the time that the aggregator listened. */
export function isSilent(fleet: Fleet, node: FleetNode, agent: FleetAgent, at: number): boolean {
  return at - Math.max(agent.lastSeen, fleet.listeningSince) > silentAfterSeconds(fleet, node)
}

/** Whether this agent was heard only before the aggregator began to listen: what is known of it is not of now. */
export const isRemembered = ({ listeningSince }: Fleet, { lastSeen }: Pick<FleetAgent, 'lastSeen'>): boolean =>
  lastSeen < listeningSince

/** Whether something comes from this node, from one of its agents at least. */
export const isHeard = (fleet: Fleet, node: FleetNode): boolean =>
  isAgentHeard(fleet, node, 'host') || isAgentHeard(fleet, node, 'pod')

function isAgentHeard(fleet: Fleet, node: FleetNode, vantage: Vantage): boolean {
  const agent = fleet.agents.get(agentKey(node.name, vantage))
  return (
    agent !== undefined && !agent.stopped && !isRemembered(fleet, agent) && !isSilent(fleet, node, agent, fleet.now)
  )
}

/** An aggregator that has just started has not listened for long enough to call anybody silent. */
export function hasListened(fleet: Fleet, at: number): boolean {
  return at - fleet.listeningSince >= fleet.thresholds.silentSeconds
}

/** Whether a node came into being too recently to be asked for its agents. */
export function isNew(fleet: Fleet, node: FleetNode, at: number): boolean {
  return node.createdAt !== null && at - node.createdAt < fleet.thresholds.newNodeSeconds
}

/** The other vantage. */
export function twinOf(vantage: Vantage): Vantage {
  return vantage === 'host' ? 'pod' : 'host'
}

const quiet = new WeakMap<View, readonly FleetNode[]>()

/**
 * Nodes that are worth a look: an agent is missing, has stopped or was not heard just now. In the order of their names; worked out once
 * for each evaluation.
 */
export function quietNodes(view: View): readonly FleetNode[] {
  const known = quiet.get(view) ?? quietNodesOf(view)
  quiet.set(view, known)
  return known
}

function quietNodesOf({ fleet: { agents, nodes, thresholds }, at }: View): FleetNode[] {
  const names = new Set<string>()
  for (const { node, lastSeen, stopped } of agents.values()) {
    if (stopped || at - lastSeen > Math.min(thresholds.twinSeconds, thresholds.silentNotReadySeconds)) names.add(node)
  }
  let expected = 0
  for (const node of nodes.values()) expected += node.expected.length
  if (expected !== agents.size) {
    for (const { name, expected: vantages } of nodes.values()) {
      if (vantages.some((vantage) => !agents.has(agentKey(name, vantage)))) names.add(name)
    }
  }
  return [...names].sort().flatMap((name) => nodes.get(name) ?? [])
}

/** Of things that began, those that began together: each at most so many seconds after another one of them. Oldest first. */
export function beganTogether<T extends { since: number }>(things: readonly T[], withinSeconds: number): [T, ...T[]][] {
  const groups: [T, ...T[]][] = []
  for (const thing of things.toSorted((a, b) => a.since - b.since)) {
    const group = groups.at(-1)
    const last = group?.at(-1)
    if (group !== undefined && last !== undefined && thing.since - last.since <= withinSeconds) group.push(thing)
    else groups.push([thing])
  }
  return groups
}
