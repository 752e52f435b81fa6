import type { Cell } from './cell.ts'
import { judgedSamples } from './kept-samples.ts'
import { all, type Truth, truth } from './truth.ts'

/** More bad samples than these are no single lost packets. */
const FEW = 0.25

/**
 * Each probe was well all the time since, but for a lost packet: what failed for a while too is no contrast, though it may be well by now.
 * What was not asked since tells nothing.
 * @param since seconds on the aggregator's clock
 */
export function okAllAlong(cells: readonly Cell[], since: number): Truth {
  const known = cells.flatMap(({ agent, probe }) => {
    const judged = judgedSamples(agent.windows.samples, probe)
    const asked = judged.filter(({ takenAt, judgement }) => takenAt >= since && judgement !== 'none')
    const bad = asked.filter(({ judgement }) => judgement === 'bad').length
    return asked.length === 0 ? [] : [truth(bad <= FEW * asked.length)]
  })
  return known.length === 0 ? 'no-data' : all(...known)
}
