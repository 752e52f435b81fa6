import type { PlannedProbe, Target, Vantage } from '@oddnode/protocol'
import type { FleetAgent } from './fleet.ts'

/** One probe of one agent. */
export type Cell = {
  node: string
  vantage: Vantage
  agent: FleetAgent
  /** Index into the agent's plan. */
  probe: number
  planned: PlannedProbe
  target: Target
}

/** @throws RangeError if the agent's plan has no such probe */
export function cellOf(agent: FleetAgent, probe: number): Cell {
  const planned = agent.plan.probes[probe]
  const target = agent.plan.targets[planned?.target ?? -1]
  if (planned === undefined || target === undefined) throw new RangeError(`plan ${agent.plan.id} has no probe ${probe}`)
  return { node: agent.node, vantage: agent.vantage, agent, probe, planned, target }
}

/** Tells a cell from every other one. */
export const cellKey = ({ node, vantage, probe }: Pick<Cell, 'node' | 'vantage' | 'probe'>): string =>
  `${vantage}/${node} ${probe}`

/** Tells a server from every other one. */
export const targetKey = ({ role, address, port }: Pick<Target, 'role' | 'address' | 'port'>): string =>
  `${role} ${address} ${port}`
