const FIRST_SECONDS = 1
const LONGEST_SECONDS = 30

/**
 * How long to leave an API alone that failed: doubling from 1 s to 30 s, each drawn from 50 to 150 %, so that many aggregators or watches do
 * not come back together.
 * @param failures in a row, at least 1
 * @param random in [0, 1)
 */
export function backOffSeconds(failures: number, random: () => number = Math.random): number {
  return Math.min(FIRST_SECONDS * 2 ** (failures - 1), LONGEST_SECONDS) * (0.5 + random())
}
