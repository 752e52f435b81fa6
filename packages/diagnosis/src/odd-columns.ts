import { questions, roles, states, transports, vantages } from '@oddnode/protocol'
import { type Cell, cellOf } from './cell.ts'
import { cellIdsOf } from './cell-ids.ts'
import type { IsExplained } from './explained.ts'
import type { Fleet, FleetAgent } from './fleet.ts'
import { type ColumnTally, columnKey, sortedAgents } from './ledger.ts'
import { columnOf, healthyBeside } from './peers.ts'

/** The same probe, from the same vantage, on all nodes that ask it; by node. */
export type Column = Cell[]

/** A column with failing cells that nothing explains yet, each kind in the order of its nodes. */
export type FailingColumn = {
  /** The failing cells; where no other has data, those of the first nodes stand for them. */
  odd: Column
  failing: number
  /** The first cells that answered well after the first bad sample, and how many are well. */
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

type IsMeant = (agent: FleetAgent, probe: number) => boolean

/**
 * Gathers the columns that need a closer look.
 * @param isExplained a fault accounts for the cell: it is left out
 * @param hasLasted a failing cell is so for long enough to be told: while none is, none is gathered
 */
export function oddColumns(
  fleet: Fleet,
  isExplained: IsExplained = () => false,
  hasLasted: IsMeant = () => true,
): OddColumns {
  const isOdd: IsMeant = (agent, probe) => agent.windows.state[probe] === FAILING && !isExplained(agent, probe)
  const agents = failingAgents(fleet)
  const isTold = agents.some((agent) =>
    agent.plan.probes.some((_, probe) => hasLasted(agent, probe) && isOdd(agent, probe)),
  )
  const failing = isTold ? gather(fleet, agents, isOdd) : new Map<number, Column>()
  const apart = [...fleet.ledger.columns.values()].filter(({ answers }) => answers.size > 1)
  return {
    failing: [...failing.values()].map((cells) => failingColumn(fleet, cells)).sort((a, b) => byName(a.odd, b.odd)),
    differing: apart
      .map((tally) => cellsOfColumn(fleet, tally))
      .filter((cells) => !cells.some(({ agent, probe }) => isExplained(agent, probe)))
      .sort(byName),
  }
}

function failingAgents({ ledger, agents }: Fleet): FleetAgent[] {
  return ledger.failing.size === 0 ? [] : sortedAgents(ledger, agents).filter((agent) => ledger.failing.has(agent))
}

function gather({ ledger }: Fleet, agents: readonly FleetAgent[], isOdd: IsMeant): Map<number, Column> {
  const columns = new Map<number, Column>()
  for (const agent of agents) {
    const ids = cellIdsOf(ledger.cellIds, agent.plan)
    for (let probe = 0; probe < ids.length; probe++) {
      if (!isOdd(agent, probe)) continue
      const key = columnKey(ids[probe] as number, agent.vantage)
      const column = columns.get(key)
      if (column === undefined) columns.set(key, [cellOf(agent, probe)])
      else column.push(cellOf(agent, probe))
    }
  }
  return columns
}

function failingColumn(fleet: Fleet, cells: Column): FailingColumn {
  const first = cells[0] as Cell
  const tally = columnOf(fleet, first)
  const well = tally === undefined ? 0 : tally.ok + tally.degraded
  const begin = cells.reduce((time, { agent, probe }) => Math.min(time, agent.windows.since[probe] as number), Infinity)
  const healthy = well === 0 ? [] : healthyBeside(fleet, first, begin, TOLD_NODES)
  return {
    odd: well > 0 ? cells : cells.slice(0, TOLD_NODES),
    failing: cells.length,
    healthy,
    healthyCount: healthy.length === 0 ? 0 : well,
    waiting: healthy.length === 0 ? well : 0,
  }
}

/** The cells of a column that have data. */
export function cellsOfColumn({ ledger, agents }: Fleet, { key, vantage }: ColumnTally): Column {
  return sortedAgents(ledger, agents).flatMap((agent) => {
    if (agent.vantage !== vantage) return []
    const probe = cellIdsOf(ledger.cellIds, agent.plan).findIndex((id) => columnKey(id, vantage) === key)
    return probe < 0 || agent.windows.state[probe] === NO_DATA ? [] : [cellOf(agent, probe)]
  })
}

const byName = (a: Column, b: Column): number => (columnName(a) < columnName(b) ? -1 : 1)

/** Sorts columns as a person reads them: host before pod, node-local before upstream, UDP before TCP. */
function columnName(cells: Column): string {
  const { vantage, target, planned } = cells[0] as Cell
  const places = [vantages.indexOf(vantage), roles.indexOf(target.role), transports.indexOf(planned.transport)]
  const [where, who, how] = places.map((place) => String(place).padStart(2, '0'))
  const what = String(questions.indexOf(planned.question)).padStart(2, '0')
  return [where, who, target.address, target.port, how, what, planned.size, planned.sourcePort].join(' ')
}
