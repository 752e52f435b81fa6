import type { Cell } from './cell.ts'
import { sinceOf, stateOf } from './cell-truth.ts'
import { judgedSamples } from './kept-samples.ts'
import { all, type Truth } from './truth.ts'

/** More bad samples than these are no single lost packets. */
const FEW = 0.25

/**
 * The probes were well all the time since, but for a lost packet: what failed for a while too is no contrast, though it may be well by now.
 * What was not asked since tells nothing, nor does one of which nothing is kept from that time.
 * @param since seconds on the aggregator's clock
 */
export function okAllAlong(cells: readonly Cell[], since: number): Truth {
  const known = cells.map((cell) => wasOk(cell, since)).filter((one) => one !== 'no-data')
  return known.length === 0 ? 'no-data' : all(...known)
}

function wasOk(cell: Cell, since: number): Truth {
  const { samples, hasPast } = cell.agent.windows
  const judged = judgedSamples(samples, cell.probe)
  const asked = judged.filter(({ takenAt, judgement }) => takenAt >= since && judgement !== 'none')
  if (asked.length === 0) return 'no-data'
  const bad = asked.filter(({ judgement }) => judgement === 'bad').length
  if (bad > FEW * asked.length) return 'no'
  const isKept = hasPast[cell.probe] === 0 || (judged[0]?.takenAt ?? Infinity) <= since
  return isKept || isOkFrom(cell, since) ? 'yes' : 'no-data'
}

/** It has not left its state since before. */
const isOkFrom = (cell: Cell, since: number): boolean => stateOf(cell) === 'ok' && sinceOf(cell) <= since
