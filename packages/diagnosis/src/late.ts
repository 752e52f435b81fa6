import type { Cell } from './cell.ts'
import { stateOf } from './cell-truth.ts'
import { judgedSamples } from './kept-samples.ts'
import { all, type Truth } from './truth.ts'

/** Every probe that has data is answered rightly, but after the deadline, again and again. */
export function late(cells: readonly Cell[]): Truth {
  const known = cells.filter((cell) => stateOf(cell) !== 'no-data')
  return known.length === 0 ? 'no-data' : all(...known.map(isLate))
}

function isLate({ agent: { windows }, probe }: Cell): Truth {
  const { windowSamples, degradedLate } = windows.thresholds
  const judged = judgedSamples(windows.samples, probe).filter(({ judgement }) => judgement !== 'none')
  if (judged.at(-1)?.judgement !== 'late') return 'no'
  const times = judged.slice(-windowSamples).filter(({ judgement }) => judgement === 'late').length
  return times >= degradedLate ? 'yes' : 'wait'
}

/** When the first of these cells began to be late; Infinity where none is. */
export function lateSince(cells: readonly Cell[]): number {
  return cells.reduce((first, { agent: { windows }, probe }) => {
    const judged = judgedSamples(windows.samples, probe)
    const timely = judged.findLastIndex(({ judgement }) => judgement !== 'late')
    return Math.min(first, judged[timely + 1]?.takenAt ?? Infinity)
  }, Infinity)
}
