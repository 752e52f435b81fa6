import { states } from '@oddnode/protocol'
import type { Cell } from './cell.ts'
import type { FleetAgent } from './fleet.ts'
import type { Column, FailingColumn, OddColumns } from './odd-columns.ts'
import type { Thresholds } from './thresholds.ts'
import { badInARow, type ProbeState, probeState } from './window.ts'

/** A cell that is not like it should be, or not like the others. */
export type OddCell = Cell & {
  kind: 'failing' | 'differing'
  /** The first cells of other nodes that answer well since this one does not, and how many there are. */
  healthy: Column
  comparable: number
  /** Nodes of its column that are odd. */
  asking: number
  /** When it began, in seconds on the aggregator's clock. */
  since: number
  /** It has been so for long enough to be told. */
  ripe: boolean
  /** No node answers well, out of two or more that ask: the target is odd, not the nodes. */
  everywhere: boolean
  /** Differing without a majority: which side is right cannot be told. */
  undecided: boolean
}

const FAILING = states.indexOf('failing')
const NO_DATA = states.indexOf('no-data')

/**
 * The odd cells of all columns. Comparison tells where: on some nodes or everywhere; a probe that fails is odd by itself, whatever the
 * majority does.
 */
export function oddCells(columns: OddColumns, thresholds: Thresholds, at: number): OddCell[] {
  return [
    ...columns.failing.flatMap((column) => failingCells(column, thresholds, at)),
    ...columns.differing.flatMap((column) => differingCells(column, thresholds, at)),
  ]
}

function failingCells(column: FailingColumn, thresholds: Thresholds, at: number): OddCell[] {
  const { odd, failing, healthy, healthyCount, waiting } = column
  if (healthyCount === 0 && waiting > 0) return []
  return odd.map((cell) => ({
    ...cell,
    kind: 'failing',
    healthy,
    comparable: healthyCount,
    asking: failing,
    since: sinceOf(cell),
    ripe:
      badInARow(cell.agent.windows, cell.probe) >= thresholds.unexplainedRounds &&
      hasLasted(cell.agent, cell.probe, thresholds, at),
    everywhere: healthyCount === 0 && failing > 1,
    undecided: false,
  }))
}

function differingCells(column: Column, thresholds: Thresholds, at: number): OddCell[] {
  const answering = column.filter(
    (cell) => stateOf(cell) !== FAILING && stateOf(cell) !== NO_DATA && comparedOf(cell) !== 0,
  )
  const most = majority(answering, thresholds)
  const odd = answering.filter((cell) => most === null || comparedOf(cell) !== most)
  const healthy = answering.filter((cell) => comparedOf(cell) === most)
  const settled =
    medianOf(healthy.map(comparedSinceOf)) ??
    odd.reduce((last, cell) => Math.max(last, comparedSinceOf(cell)), -Infinity)
  return odd.map((cell) => {
    const since = Math.max(settled, comparedSinceOf(cell))
    return {
      ...cell,
      kind: 'differing',
      healthy,
      comparable: healthy.length,
      asking: odd.length,
      since,
      ripe: at - since >= lastingSeconds(cell, thresholds),
      everywhere: false,
      undecided: most === null,
    }
  })
}

/** Whether a failing cell is so for long enough to be told. */
export const hasLasted = (agent: FleetAgent, probe: number, thresholds: Thresholds, at: number): boolean =>
  at - (agent.windows.since[probe] as number) >= lastingSeconds({ agent, probe }, thresholds)

/** Under suspicion a probe is asked more often than each round: as many bad ones then come sooner, while caches still hide the contrast. */
const lastingSeconds = (cell: Pick<Cell, 'agent' | 'probe'>, { unexplainedRounds }: Thresholds): number =>
  (unexplainedRounds - 1) * intervalSeconds(cell)

/** The answer of more than half of at least three nodes; null where there is none. */
function majority(cells: Column, thresholds: Thresholds): number | null {
  if (cells.length < thresholds.fewestNodesToCompare) return null
  const counts = new Map<number, number>()
  for (const cell of cells) counts.set(comparedOf(cell), (counts.get(comparedOf(cell)) ?? 0) + 1)
  const [most] = [...counts].sort(([, m], [, n]) => n - m)
  return most !== undefined && most[1] * 2 > cells.length ? most[0] : null
}

function intervalSeconds({ agent: { plan }, probe }: Pick<Cell, 'agent' | 'probe'>): number {
  return Math.max(plan.probes[probe]?.everySeconds ?? 0, plan.intervalSeconds)
}

function medianOf(values: readonly number[]): number | null {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? null
}

const stateOf = ({ agent, probe }: Cell): number => agent.windows.state[probe] as number
const sinceOf = ({ agent, probe }: Cell): number => agent.windows.since[probe] as number
const comparedOf = ({ agent, probe }: Cell): number => agent.windows.compared[probe] as number
const comparedSinceOf = ({ agent, probe }: Cell): number => agent.windows.comparedSince[probe] as number

/** The verdict over a cell, with its evidence. */
export function cellState({ agent, probe }: Cell): ProbeState {
  return probeState(agent.windows, probe)
}
