import type { Severity } from '@oddnode/protocol'
import { type ClockColumns, clockColumns } from './clock-columns.ts'
import { certainSeconds, isFreshHere, type NodeClock, nodeClock, type Offset } from './clock-offsets.ts'
import type { View } from './fault.ts'
import type { Fleet } from './fleet.ts'
import { median } from './median.ts'
import type { Thresholds } from './thresholds.ts'

/** A clock that is off. */
export type WrongClock = {
  node: string
  /** Against the middle of all nodes (`the other nodes`), or against NTP. */
  offset: Offset
  severity: Severity
  /** Who alone said so, and might be the one that is off: one NTP server, or one implementation of NTP; null where others agree. */
  onOneWordOf: 'server' | 'implementation' | null
  /** NTP says otherwise: then which one is off cannot be told. */
  contradictedBy: Offset | null
}

/** Clocks that are apart, without a majority or an outside reference to say which one is off. */
export type ClocksApart = { nodes: string[]; apartSeconds: number; severity: Severity; since: number }

export type ClockVerdict = { wrong: WrongClock[]; apart: ClocksApart | null }

/** What an offset from the middle of all nodes is told against. */
export const THE_OTHER_NODES = 'the other nodes'

/** So many of the nodes must be near the middle for one that is not to be called wrong. */
const MAJORITY = 2 / 3

const verdicts = new WeakMap<View, ClockVerdict>()

/** The verdict of one evaluation, worked out once. */
export function clockVerdictOf(view: View): ClockVerdict {
  const known = verdicts.get(view)
  if (known !== undefined) return known
  const verdict = clockVerdict(view.fleet, view.at)
  verdicts.set(view, verdict)
  return verdict
}

/**
 * Which clocks are wrong. Nodes are compared with each other by their offsets from the aggregator, whose own error cancels; NTP, where it
 * answers, must agree. Without a majority NTP alone decides, and without that nobody is accused.
 *
 * Most nodes are told to be well by two numbers each; only those that look wrong are looked at closely.
 */
export function clockVerdict(fleet: Fleet, at: number): ClockVerdict {
  const { thresholds } = fleet
  const offsets = comparedOffsets(fleet, at)
  const canCompare = (seconds: number) => hasMajority(offsets, seconds, thresholds)
  const wrong = suspects(fleet, offsets, canCompare).flatMap((name) => {
    const node = fleet.nodes.get(name)
    if (node === undefined) return []
    const clock = nodeClock(fleet, node, at)
    const { aggregator } = clock
    const byOthers = aggregator === null ? null : wrongByOthers(clock, deviation(aggregator, offsets), thresholds)
    if (byOthers !== null && canCompare(certainSeconds(byOthers.offset))) return [byOthers]
    const byNtp = wrongByNtp(clock, thresholds)
    const outvoted = byNtp !== null && aggregator !== null && canCompare(certainSeconds(byNtp.offset))
    return byNtp === null || outvoted ? [] : [byNtp]
  })
  const apart = wrong.length > 0 ? null : clocksApart(offsets, thresholds)
  return { wrong, apart: apart === null || canCompare(apart.apartSeconds) ? null : apart }
}

/** The fresh offsets from the aggregator, one for each node, in the order of nodes. */
type ComparedOffsets = {
  nodes: string[]
  /** In the order of `nodes`, in seconds: the offsets, what each may be off by, and when it was read. */
  seconds: Float64Array
  uncertainty: Float64Array
  takenAt: Float64Array
  middle: number
  /** How far the middle may be off: it is one reading among the others, or lies between two. */
  middleUncertainty: number
  /** How many are within half a threshold of the middle, by the threshold. */
  near: Map<number, number>
}

function comparedOffsets(fleet: Fleet, at: number): ComparedOffsets {
  const columns = clockColumns(fleet)
  const { takenAt, offsetSeconds, uncertaintySeconds, intervalSeconds, nodeOf } = columns
  // The place of the reading that counts for each node.
  const places: number[] = []
  for (let place = 0; place < takenAt.length; place++) {
    if (!isFreshHere(fleet, takenAt[place] as number, intervalSeconds[place] as number, at)) continue
    const last = places.at(-1)
    if (last === undefined || nodeOf[last] !== nodeOf[place]) places.push(place)
    else if (isSurer(columns, place, last)) places[places.length - 1] = place
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
  return {
    nodes: places.map((place) => columns.nodes[nodeOf[place] as number] as string),
    seconds,
    uncertainty,
    takenAt: taken(takenAt),
    middle,
    middleUncertainty: uncertaintyAt(seconds, uncertainty, middle),
    near: new Map(),
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

/** Of two readings of one clock the surer counts, as `nodeClock` has it. */
function isSurer({ uncertaintySeconds, takenAt }: ClockColumns, a: number, b: number): boolean {
  const uncertainty = (uncertaintySeconds[a] as number) - (uncertaintySeconds[b] as number)
  return (uncertainty || (takenAt[b] as number) - (takenAt[a] as number)) < 0
}

/** Whether most nodes' clocks are within half the smallest threshold of their middle, or not surely apart from it by more. */
export function nodesAgree(fleet: Fleet, at: number): boolean {
  const { thresholds } = fleet
  const { seconds, uncertainty, middle, middleUncertainty } = comparedOffsets(fleet, at)
  if (seconds.length < thresholds.fewestNodesToCompare) return false
  const agreeing = seconds.filter(
    (offset, i) =>
      Math.abs(offset - middle) - (uncertainty[i] as number) - middleUncertainty <= thresholds.clockInfoSeconds / 2,
  )
  return agreeing.length >= seconds.length * MAJORITY
}

/** Names of the nodes that may be wrong: far from the middle, or off by NTP where the nodes cannot overrule it. In their order. */
function suspects(
  fleet: Fleet,
  { nodes, seconds, uncertainty, middle, middleUncertainty }: ComparedOffsets,
  canCompare: (seconds: number) => boolean,
): string[] {
  const { thresholds } = fleet
  const names = new Set<string>()
  for (let i = 0; i < seconds.length; i++) {
    const certain = Math.abs((seconds[i] as number) - middle) - (uncertainty[i] as number) - middleUncertainty
    if (certain > thresholds.clockInfoSeconds && canCompare(certain)) names.add(nodes[i] as string)
  }
  // Where the nodes agree closely, NTP overrules none that is among them.
  const compared = canCompare(thresholds.clockInfoSeconds) ? nodes : []
  if (compared.length < fleet.nodes.size) {
    const overruled = new Set(compared)
    const { nodes: all, nodeOf, mostByNtpSeconds } = clockColumns(fleet)
    mostByNtpSeconds.forEach((most, place) => {
      const node = all[nodeOf[place] as number] as string
      if (most > thresholds.clockInfoSeconds && !overruled.has(node)) names.add(node)
    })
  }
  return [...names].sort()
}

const deviation = (aggregator: Offset, { middle, middleUncertainty }: ComparedOffsets): Offset => ({
  ...aggregator,
  offsetSeconds: aggregator.offsetSeconds - middle,
  uncertaintySeconds: aggregator.uncertaintySeconds + middleUncertainty,
  reference: THE_OTHER_NODES,
})

/** Whether enough nodes agree to within half the threshold that this many seconds exceed. */
function hasMajority(
  { seconds: offsets, middle, near }: ComparedOffsets,
  seconds: number,
  thresholds: Thresholds,
): boolean {
  if (offsets.length < thresholds.fewestNodesToCompare) return false
  const half = exceeded(seconds, thresholds).seconds / 2
  const count = near.get(half) ?? offsets.reduce((sum, offset) => sum + (Math.abs(offset - middle) <= half ? 1 : 0), 0)
  near.set(half, count)
  return count >= offsets.length * MAJORITY
}

function wrongByOthers(clock: NodeClock, offset: Offset, thresholds: Thresholds): WrongClock | null {
  const { severity, seconds } = exceeded(certainSeconds(offset), thresholds)
  if (severity === null) return null
  const ntp = agreedNtp(clock, thresholds)
  const slack = (ntp?.uncertaintySeconds ?? 0) + offset.uncertaintySeconds + seconds / 2
  const agrees = ntp === null || Math.abs(ntp.offsetSeconds - offset.offsetSeconds) <= slack
  return { node: clock.node, offset, severity, onOneWordOf: null, contradictedBy: agrees ? null : ntp }
}

function wrongByNtp(clock: NodeClock, thresholds: Thresholds): WrongClock | null {
  const offset = agreedNtp(clock, thresholds)
  if (offset === null) return null
  const { severity } = exceeded(certainSeconds(offset), thresholds)
  if (severity === null) return null
  const onOneWordOf = clock.ntp.length === 1 ? 'server' : clock.confirmed ? null : 'implementation'
  return { node: clock.node, offset, severity, onOneWordOf, contradictedBy: null }
}

/** What NTP says of a clock: the surest reading among the servers that agree, if more than half of them do. */
export function agreedNtp({ ntp }: NodeClock, thresholds: Thresholds): Offset | null {
  const middle = median(ntp.map(({ offsetSeconds }) => offsetSeconds))
  const agreeing = ntp.filter(
    ({ offsetSeconds, uncertaintySeconds }) =>
      Math.abs(offsetSeconds - middle) <= uncertaintySeconds + thresholds.clockInfoSeconds / 2,
  )
  if (agreeing.length * 2 <= ntp.length) return null
  return agreeing.reduce((best, one) => (one.uncertaintySeconds < best.uncertaintySeconds ? one : best))
}

/** How far the two outermost clocks are apart, beyond doubt. */
function clocksApart(
  { nodes, seconds, uncertainty, takenAt }: ComparedOffsets,
  thresholds: Thresholds,
): ClocksApart | null {
  if (seconds.length < 2) return null
  const least = seconds.reduce((first, offset, i) => (offset < (seconds[first] as number) ? i : first), 0)
  const most = seconds.reduce((last, offset, i) => (offset > (seconds[last] as number) ? i : last), 0)
  const apartSeconds = (seconds[most] as number) - (seconds[least] as number)
  const doubt = (uncertainty[least] as number) + (uncertainty[most] as number)
  const { severity } = exceeded(apartSeconds - doubt, thresholds)
  if (severity === null) return null
  return {
    nodes: [...nodes],
    apartSeconds,
    severity,
    since: Math.max(takenAt[least] as number, takenAt[most] as number),
  }
}

/** The strongest threshold that so many seconds exceed. */
function exceeded(seconds: number, thresholds: Thresholds): { severity: Severity | null; seconds: number } {
  if (seconds > thresholds.clockCriticalSeconds)
    return { severity: 'critical', seconds: thresholds.clockCriticalSeconds }
  if (seconds > thresholds.clockWarningSeconds) return { severity: 'warning', seconds: thresholds.clockWarningSeconds }
  const severity = seconds > thresholds.clockInfoSeconds ? 'info' : null
  return { severity, seconds: thresholds.clockInfoSeconds }
}
