import type { Cell } from './cell.ts'
import type { FleetAgent } from './fleet.ts'

/** Which cells are accounted for: 1 at the index of each such probe. */
export type Explained = Map<FleetAgent, Uint8Array>

/** Whether a fault accounts for a cell. */
export type IsExplained = (agent: FleetAgent, probe: number) => boolean

export function explainedCells(cells: Iterable<Cell>): Explained {
  const explained: Explained = new Map()
  for (const { agent, probe } of cells) {
    const probes = explained.get(agent) ?? new Uint8Array(agent.plan.probes.length)
    explained.set(agent, probes)
    probes[probe] = 1
  }
  return explained
}

export const isIn = (explained: Explained | undefined, agent: FleetAgent, probe: number): boolean =>
  explained?.get(agent)?.[probe] === 1
