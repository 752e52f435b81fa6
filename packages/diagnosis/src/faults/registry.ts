import type { Fault } from '../fault.ts'
import { nodeClockWrong } from './node-clock-wrong.ts'
import { nodeNotObserved } from './node-not-observed.ts'
import { unexplainedDifference } from './unexplained-difference.ts'
import { vantageSilent } from './vantage-silent.ts'

/** The catalogue, root causes first: of two that could cover each other the earlier one does. */
export const faults: readonly Fault[] = [nodeNotObserved, vantageSilent, nodeClockWrong, unexplainedDifference]
