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

/** A column with failing cells, each kind in the order of its nodes. */
export type FailingColumn = {
  /** The failing cells; where no other has data, those of the first nodes stand for them. */
  odd: Column
  failing: number
  /** The first cells that answered well after the first bad sample, and how many there are. */
  healthy: Column
  healthyCount: number
  /** Cells that are not failing, but were not asked since: they tell nothing yet. */
  waiting: number
}

/** Rows that stand for many that are alike: a dead cluster has a million cells, and the first ones tell as much. */
const TOLD_NODES = 3

/** The part of the matrix that is not alike or not well; a fleet in health has none. In the order of vantage, target, transport and question. */
export type OddColumns = {
  /** At least one cell is failing. */
  failing: FailingColumn[]
  /** At least two cells that are not failing answer differently. */
  differing: Column[]
}

const FAILING = states.indexOf('failing')
const NO_DATA = states.indexOf('no-data')

/** Looks through all cells once, and gathers the columns that need a closer look. */
export function oddColumns(fleet: Fleet): OddColumns {
  const tally = tallyColumns(fleet)
  const failing = new Map<number, FailingColumn>()
  const differing = new Map<number, Column>()
  if (tally.failing.some((count) => count > 0) || tally.differing.includes(1)) {
    for (const agent of [...fleet.agents.values()].sort(byNode)) gather(fleet, agent, tally, failing, differing)
  }
  return {
    failing: [...failing.values()].sort((a, b) => byName(a.odd, b.odd)),
    differing: [...differing.values()].sort(byName),
  }
}

/** By the key of a column. */
type Tally = {
  failing: Uint32Array
  /** When the first of its failing cells began to. */
  begin: Float64Array
  /** Cells with data that are not failing. */
  others: Uint32Array
  /** 1 where two of those answer differently. */
  differing: Uint8Array
}

function tallyColumns({ agents, cellIds }: Fleet): Tally {
  for (const { plan } of agents.values()) cellIdsOf(cellIds, plan)
  const keys = cellIds.ids.size * vantages.length
  const failing = new Uint32Array(keys)
  const begin = new Float64Array(keys).fill(Infinity)
  const others = new Uint32Array(keys)
  const differing = new Uint8Array(keys)
  const first = new Uint32Array(keys)
  for (const { vantage, windows, plan } of agents.values()) {
    const ids = cellIdsOf(cellIds, plan)
    for (let probe = 0; probe < ids.length; probe++) {
      const state = windows.state[probe]
      if (state === NO_DATA) continue
      const key = keyOf(ids[probe] as number, vantage)
      const compared = windows.compared[probe] as number
      if (state === FAILING) {
        failing[key] = (failing[key] as number) + 1
        begin[key] = Math.min(begin[key] as number, windows.since[probe] as number)
      } else {
        others[key] = (others[key] as number) + 1
        if (first[key] === 0) first[key] = compared
        else if (compared !== 0 && first[key] !== compared) differing[key] = 1
      }
    }
  }
  return { failing, begin, others, differing }
}

/** Puts an agent's cells into the columns that have something odd. */
function gather(
  { cellIds }: Fleet,
  agent: FleetAgent,
  tally: Tally,
  failing: Map<number, FailingColumn>,
  differing: Map<number, Column>,
): void {
  const ids = cellIdsOf(cellIds, agent.plan)
  for (let probe = 0; probe < ids.length; probe++) {
    const key = keyOf(ids[probe] as number, agent.vantage)
    if ((tally.failing[key] as number) > 0) {
      const column = failing.get(key) ?? emptyColumn(tally, key)
      failing.set(key, column)
      place(column, agent, probe, tally, key)
    }
    if (tally.differing[key] === 1) {
      const column = differing.get(key) ?? []
      if (column.push(cellOf(agent, probe)) === 1) differing.set(key, column)
    }
  }
}

function emptyColumn({ failing }: Tally, key: number): FailingColumn {
  return { odd: [], failing: failing[key] as number, healthy: [], healthyCount: 0, waiting: 0 }
}

function place(column: FailingColumn, agent: FleetAgent, probe: number, { begin, others }: Tally, key: number): void {
  const { state, goodAt } = agent.windows
  if (state[probe] === NO_DATA) return
  if (state[probe] === FAILING) {
    if ((others[key] as number) > 0 || column.odd.length < TOLD_NODES) column.odd.push(cellOf(agent, probe))
  } else if ((goodAt[probe] as number) > (begin[key] as number)) {
    if (column.healthyCount++ < TOLD_NODES) column.healthy.push(cellOf(agent, probe))
  } else {
    // Its last good answer is older than the first bad one: it has simply not been asked again yet.
    column.waiting++
  }
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

const byName = (a: Column, b: Column): number => (columnName(a) < columnName(b) ? -1 : 1)

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
