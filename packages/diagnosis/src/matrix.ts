import {
  type PlannedProbe,
  questions,
  roles,
  states,
  type Target,
  transports,
  type Vantage,
  vantages,
} from '@oddnode/protocol'
import { cellIdsOf } from './cell-ids.ts'
import type { Fleet, FleetAgent } from './fleet.ts'

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

/** The same probe, from the same vantage, on all nodes that ask it; by node. */
export type Column = Cell[]

/** The part of the matrix that is not alike or not well; a fleet in health has none. In the order of vantage, target, transport and question. */
export type OddColumns = {
  /** At least one cell is failing. */
  failing: Column[]
  /** At least two cells that are not failing answer differently. */
  differing: Column[]
}

const FAILING = states.indexOf('failing')
const NO_DATA = states.indexOf('no-data')

/** Looks through all cells once, and gathers the columns that need a closer look. */
export function oddColumns(fleet: Fleet): OddColumns {
  const marks = markColumns(fleet)
  if (!marks.failing.includes(1) && !marks.differing.includes(1)) return { failing: [], differing: [] }
  const columns = gather(fleet, (key) => marks.failing[key] === 1 || marks.differing[key] === 1)
  const sorted = [...columns].map(([key, cells]) => ({ key, cells, name: columnName(cells) }))
  sorted.sort((a, b) => (a.name < b.name ? -1 : 1))
  return {
    failing: sorted.filter(({ key }) => marks.failing[key] === 1).map(({ cells }) => cells),
    differing: sorted.filter(({ key }) => marks.differing[key] === 1).map(({ cells }) => cells),
  }
}

/** For each column, by its key: 1 where a cell is failing, and where two answers differ. */
function markColumns({ agents, cellIds }: Fleet): { failing: Uint8Array; differing: Uint8Array } {
  for (const { plan } of agents.values()) cellIdsOf(cellIds, plan)
  const keys = cellIds.ids.size * vantages.length
  const failing = new Uint8Array(keys)
  const differing = new Uint8Array(keys)
  const first = new Uint32Array(keys)
  for (const { vantage, windows, plan } of agents.values()) {
    const ids = cellIdsOf(cellIds, plan)
    for (let probe = 0; probe < ids.length; probe++) {
      const key = keyOf(ids[probe] as number, vantage)
      const state = windows.state[probe]
      const compared = windows.compared[probe] as number
      if (state === FAILING) failing[key] = 1
      else if (state !== NO_DATA && compared !== 0) {
        if (first[key] === 0) first[key] = compared
        else if (first[key] !== compared) differing[key] = 1
      }
    }
  }
  return { failing, differing }
}

/** The wanted columns, each in the order of its nodes. */
function gather({ agents, cellIds }: Fleet, wanted: (key: number) => boolean): Map<number, Column> {
  const columns = new Map<number, Column>()
  for (const agent of [...agents.values()].sort(byNode)) {
    const ids = cellIdsOf(cellIds, agent.plan)
    for (let probe = 0; probe < ids.length; probe++) {
      const key = keyOf(ids[probe] as number, agent.vantage)
      if (!wanted(key)) continue
      const column = columns.get(key) ?? []
      if (column.push(cellOf(agent, probe)) === 1) columns.set(key, column)
    }
  }
  return columns
}

const byNode = (a: FleetAgent, b: FleetAgent): number => (a.node < b.node ? -1 : a.node > b.node ? 1 : 0)

const keyOf = (id: number, vantage: Vantage): number => id * vantages.length + vantages.indexOf(vantage)

/** @throws RangeError if the agent's plan has no such probe */
export function cellOf(agent: FleetAgent, probe: number): Cell {
  const planned = agent.plan.probes[probe]
  const target = agent.plan.targets[planned?.target ?? -1]
  if (planned === undefined || target === undefined) throw new RangeError(`plan ${agent.plan.id} has no probe ${probe}`)
  return { node: agent.node, vantage: agent.vantage, agent, probe, planned, target }
}

/** Sorts columns as a person reads them: host before pod, node-local before upstream, UDP before TCP. */
function columnName(cells: Column): string {
  const [cell] = cells
  if (cell === undefined) return ''
  const { vantage, target, planned } = cell
  const places = [vantages.indexOf(vantage), roles.indexOf(target.role), transports.indexOf(planned.transport)]
  const [where, who, how] = places.map((place) => String(place).padStart(2, '0'))
  const what = String(questions.indexOf(planned.question)).padStart(2, '0')
  return [where, who, target.address, target.port, how, what, planned.size, planned.sourcePort].join(' ')
}
