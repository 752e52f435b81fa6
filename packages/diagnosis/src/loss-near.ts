import type { Cell } from './cell.ts'
import { dead, loss } from './cell-truth.ts'
import { type Truth, truth } from './truth.ts'

/** How far the loss of a window may be from the true one and still be chance. */
const CHANCE = 0.3

/**
 * These probes lose about so much. While nothing but bad samples came since it began that is not decided yet: the good ones of the time
 * before stand in the windows still.
 */
export function losesAbout(cells: readonly Cell[], share: number): Truth {
  const isDead = dead(cells)
  const lost = isDead === 'yes' ? 1 : loss(cells)
  if (lost === null) return 'no-data'
  return isDead === 'wait' ? 'wait' : truth(Math.abs(lost - share) <= CHANCE)
}
