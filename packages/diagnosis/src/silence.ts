import type { Vantage } from '@oddnode/protocol'
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
