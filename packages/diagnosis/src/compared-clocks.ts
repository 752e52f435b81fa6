import { type ClockColumns, clockColumns } from './clock-columns.ts'
import { isFreshHere } from './clock-offsets.ts'
import type { View } from './fault.ts'
import { median } from './median.ts'
import type { Thresholds } from './thresholds.ts'

/** The fresh offsets from the aggregator side by side, one for each node, in the order of nodes. */
export type ComparedClocks = {
  nodes: readonly string[]
  /** Where each stands in `ClockColumns.nodes`. */
  columnOf: Int32Array
  /** In the order of `nodes`, in seconds: the offsets, what each may be off by, and when it was read. */
  seconds: Float64Array
  uncertainty: Float64Array
  takenAt: Float64Array
  /** NaN without any. */
  middle: number
  /** How far the middle may be off: it is one reading among the others, or lies between two. */
  middleUncertainty: number
}

/** So many of the nodes must be near the middle for one that is not to be called wrong. */
export const MAJORITY = 2 / 3

const known = new WeakMap<View, ComparedClocks>()

/** As of one evaluation, worked out once. */
export function comparedClocks(view: View): ComparedClocks {
  const compared = known.get(view) ?? compare(view)
  known.set(view, compared)
  return compared
}

function compare({ fleet, at }: View): ComparedClocks {
  const columns = clockColumns(fleet)
  const { takenAt, offsetSeconds, uncertaintySeconds, intervalSeconds, nodeOf } = columns
  // The place of the reading that counts for each node.
  const places: number[] = []
  for (let place = 0; place < takenAt.length; place++) {
    if (!isFreshHere(fleet, takenAt[place] as number, intervalSeconds[place] as number, at)) continue
    const last = places.at(-1)
    if (last === undefined || nodeOf[last] !== nodeOf[place]) places.push(place)
    else if (countsMore(columns, place, last)) places[places.length - 1] = place
  }
  // Filled by hand: Float64Array.from takes several times as long.
  const taken = (column: Float64Array) => {
    const values = new Float64Array(places.length)
    for (let i = 0; i < values.length; i++) values[i] = column[places[i] as number] as number
    return values
  }
  const seconds = taken(offsetSeconds)
  const uncertainty = taken(uncertaintySeconds)
  const middle = median(seconds)
  const columnOf = Int32Array.from(places, (place) => nodeOf[place] as number)
  return {
    nodes: Array.from(columnOf, (column) => columns.nodes[column] as string),
    columnOf,
    seconds,
    uncertainty,
    takenAt: taken(takenAt),
    middle,
    middleUncertainty: uncertaintyAt(seconds, uncertainty, middle),
  }
}

/** The uncertainty of the reading that is nearest to this offset. */
function uncertaintyAt(offsets: Float64Array, uncertainties: Float64Array, seconds: number): number {
  let nearest = Infinity
  let uncertainty = 0
  for (let i = 0; i < offsets.length; i++) {
    const distance = Math.abs((offsets[i] as number) - seconds)
    if (distance >= nearest) continue
    nearest = distance
    uncertainty = uncertainties[i] as number
  }
  return uncertainty
}

/** Of two readings of one clock the surer counts, and the newer where they contradict each other: as `nodeClock` has it. */
function countsMore({ offsetSeconds, uncertaintySeconds, takenAt }: ClockColumns, a: number, b: number): boolean {
  const [doubtOfA, doubtOfB] = [uncertaintySeconds[a] as number, uncertaintySeconds[b] as number]
  const isNewer = (takenAt[a] as number) > (takenAt[b] as number)
  const isApart = Math.abs((offsetSeconds[a] as number) - (offsetSeconds[b] as number)) > doubtOfA + doubtOfB
  if (isApart && takenAt[a] !== takenAt[b]) return isNewer
  return doubtOfA < doubtOfB || (doubtOfA === doubtOfB && isNewer)
}

/** How far a clock is from the middle beyond doubt, in seconds; negative inside the doubt. @param i its place in `nodes` */
export const apartSeconds = ({ seconds, uncertainty, middle, middleUncertainty }: ComparedClocks, i: number): number =>
  Math.abs((seconds[i] as number) - middle) - (uncertainty[i] as number) - middleUncertainty

/** How many nodes' clocks are within half the smallest threshold of their middle, or not surely apart from it by more. */
export function countAgreeing(compared: ComparedClocks, { clockInfoSeconds }: Thresholds): number {
  let agreeing = 0
  for (let i = 0; i < compared.seconds.length; i++) if (apartSeconds(compared, i) <= clockInfoSeconds / 2) agreeing++
  return agreeing
}

/** Whether there are several, and most of them agree. */
export function nodesAgree(compared: ComparedClocks, thresholds: Thresholds): boolean {
  const count = compared.seconds.length
  return count > 1 && countAgreeing(compared, thresholds) >= count * MAJORITY
}
