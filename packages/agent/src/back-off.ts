import type { Random } from './spread.ts'

const FIRST_SECONDS = 1
const LONGEST_SECONDS = 30

/**
 * Seconds to wait after the n-th failed push in a row (1, 2, …): doubling from one second to thirty, drawn from half to the whole, so
 * that thousands of agents do not come back in step.
 */
export function backOffSeconds(failures: number, random: Random): number {
  const ceiling = Math.min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** Math.min(failures - 1, 10))
  return ceiling * (0.5 + 0.5 * random())
}
