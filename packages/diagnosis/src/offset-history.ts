/**
 * A node's offsets against one reference over the last hour, thinned: the surest reading of every two minutes. Rows of three numbers:
 * when it was taken, the offset, its uncertainty, all in seconds. Which readings are kept does not depend on the order in which they came.
 */
export type OffsetHistory = Float64Array

/** One reading. + = the node is ahead. */
export type OffsetPoint = { takenAt: number; offsetSeconds: number; uncertaintySeconds: number }

const PLACES = 30
const PLACE_SECONDS = 120
const COLUMNS = 3

/** How far back it reaches, at rounds of the usual pace. */
export const HISTORY_SECONDS = PLACES * PLACE_SECONDS

/** An empty one: 720 octets. */
export const createOffsetHistory = (): OffsetHistory => new Float64Array(PLACES * COLUMNS).fill(Number.NaN)

/**
 * Keeps a reading if it is the surest of its two minutes; what is an hour older gives way.
 * @param pace of the rounds, see `paceOf`: both times shrink with it
 */
export function keepOffset(history: OffsetHistory, point: OffsetPoint, pace = 1): void {
  const turnOf = ({ takenAt }: OffsetPoint) => Math.floor(takenAt / (PLACE_SECONDS * pace))
  const turn = turnOf(point)
  const place = turn % PLACES
  const known = pointAt(history, place)
  if (known !== null && !replaces(point, turn, known, turnOf(known))) return
  history.set([point.takenAt, point.offsetSeconds, point.uncertaintySeconds], place * COLUMNS)
}

function replaces(point: OffsetPoint, turn: number, known: OffsetPoint, knownTurn: number): boolean {
  if (knownTurn !== turn) return knownTurn < turn
  return (point.uncertaintySeconds - known.uncertaintySeconds || point.takenAt - known.takenAt) < 0
}

function pointAt(history: OffsetHistory, place: number): OffsetPoint | null {
  const first = place * COLUMNS
  const takenAt = history[first] as number
  if (Number.isNaN(takenAt)) return null
  return {
    takenAt,
    offsetSeconds: history[first + 1] as number,
    uncertaintySeconds: history[first + 2] as number,
  }
}

/** The readings of the hour before `at` that were taken after `since`, oldest first. */
export function offsetPoints(history: OffsetHistory, since: number, at: number, pace = 1): OffsetPoint[] {
  const from = Math.max(since, at - HISTORY_SECONDS * pace)
  return Array.from({ length: PLACES }, (_, place) => pointAt(history, place))
    .flatMap((point) => (point !== null && point.takenAt > from ? [point] : []))
    .sort((a, b) => a.takenAt - b.takenAt)
}

/** The first and the last of them, without looking at those between; null without two. */
export function offsetEnds(
  history: OffsetHistory,
  since: number,
  at: number,
  pace = 1,
): [OffsetPoint, OffsetPoint] | null {
  const from = Math.max(since, at - HISTORY_SECONDS * pace)
  let first = -1
  let last = -1
  for (let row = 0; row < history.length; row += COLUMNS) {
    const takenAt = history[row] as number
    // Not so of NaN either.
    if (!(takenAt > from)) continue
    if (first < 0 || takenAt < (history[first] as number)) first = row
    if (last < 0 || takenAt > (history[last] as number)) last = row
  }
  const oldest = first < 0 ? null : pointAt(history, first / COLUMNS)
  const newest = last < 0 ? null : pointAt(history, last / COLUMNS)
  return oldest === null || newest === null || first === last ? null : [oldest, newest]
}

/**
 * The slope of offsets in seconds per second, by the median over all pairs (Theil and Sen): a few wild readings do not move it. Both halves
 * must slope alike, and the smaller slope counts, so that a single step is none. 0 where they do not; NaN of fewer than four readings.
 */
export function slopeOf(points: readonly OffsetPoint[]): number {
  if (points.length < 4) return Number.NaN
  const half = points.length >> 1
  const slopes = [points, points.slice(0, half), points.slice(half)].map(medianSlope)
  if (slopes.every((slope) => slope > 0)) return Math.min(...slopes)
  return slopes.every((slope) => slope < 0) ? Math.max(...slopes) : 0
}

function medianSlope(points: readonly OffsetPoint[]): number {
  const slopes = points.flatMap((a, i) =>
    points.slice(i + 1).map((b) => (b.offsetSeconds - a.offsetSeconds) / (b.takenAt - a.takenAt)),
  )
  slopes.sort((a, b) => a - b)
  const middle = slopes.length >> 1
  const upper = slopes[middle] as number
  return slopes.length % 2 === 1 ? upper : ((slopes[middle - 1] as number) + upper) / 2
}
