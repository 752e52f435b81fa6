/** A random number in [0, 1), handed in so that tests repeat. */
export type Random = () => number

/** The length of one round: uniform in ± 20 % of the interval, so that agents drift apart instead of firing together. */
export function roundSeconds(intervalSeconds: number, random: Random): number {
  return intervalSeconds * (0.8 + 0.4 * random())
}

/**
 * When each of `count` probes of a round is sent, in seconds from its start, ascending.
 *
 * The probes are spread evenly over what the round leaves after the time that a late answer may take, so that it is over
 * before the next begins. Each keeps its place, jittered by at most half a gap: a probe that moved from the first place of one round to
 * the last of the next would leave a fault unseen for two rounds.
 */
export function sendOffsets(count: number, lengthSeconds: number, closeSeconds: number, random: Random): number[] {
  const gap = spreadSeconds(lengthSeconds, closeSeconds) / Math.max(count, 1)
  return Array.from({ length: count }, (_, i) => (i + random()) * gap)
}

/** A round shorter than twice the close time is half sending, half waiting. */
function spreadSeconds(lengthSeconds: number, closeSeconds: number): number {
  return Math.max(lengthSeconds - closeSeconds, lengthSeconds / 2)
}

/** A random order of 0 … count − 1 (Fisher and Yates): drawn once a plan, so that neighbours in it are not one server's. */
export function randomOrder(count: number, random: Random): number[] {
  const order = Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const here = order[i] as number
    order[i] = order[j] as number
    order[j] = here
  }
  return order
}
