import type { Severity } from '@oddnode/protocol'
import { certainSeconds, median, type NodeClock, nodeClock, type Offset } from './clock-offsets.ts'
import type { Fleet } from './fleet.ts'
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

/** So many of the nodes must be near the middle for one that is not to be called wrong. */
const MAJORITY = 2 / 3

/**
 * Which clocks are wrong. Nodes are compared with each other by their offsets from the aggregator, whose own error cancels; NTP, where it
 * answers, must agree. Without a majority NTP alone decides, and without that nobody is accused.
 */
export function clockVerdict(fleet: Fleet, at: number): ClockVerdict {
  const { thresholds } = fleet
  const nodes = [...fleet.nodes.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  const clocks = nodes.map((node) => nodeClock(fleet, node, at))
  const deviations = deviationsOf(clocks)
  const canCompare = (seconds: number) => hasMajority([...deviations.values()], seconds, thresholds)
  const wrong = clocks.flatMap((clock) => {
    const deviation = deviations.get(clock.node)
    const byOthers = deviation === undefined ? null : wrongByOthers(clock, deviation, thresholds)
    if (byOthers !== null && canCompare(certainSeconds(byOthers.offset))) return [byOthers]
    const byNtp = wrongByNtp(clock, thresholds)
    const outvoted = byNtp !== null && deviation !== undefined && canCompare(certainSeconds(byNtp.offset))
    return byNtp === null || outvoted ? [] : [byNtp]
  })
  const apart = clocksApart(clocks, thresholds)
  return { wrong, apart: wrong.length > 0 || apart === null || canCompare(apart.apartSeconds) ? null : apart }
}

/** How far each node that has one is from the middle of the offsets from the aggregator. */
function deviationsOf(clocks: readonly NodeClock[]): Map<string, Offset> {
  const middle = median(clocks.flatMap(({ aggregator }) => aggregator?.offsetSeconds ?? []))
  return new Map(
    clocks.flatMap(({ node, aggregator }) =>
      aggregator === null
        ? []
        : [[node, { ...aggregator, offsetSeconds: aggregator.offsetSeconds - middle, reference: 'the other nodes' }]],
    ),
  )
}

/** Whether enough nodes agree to within half the threshold that this many seconds exceed. */
function hasMajority(deviations: readonly Offset[], seconds: number, thresholds: Thresholds): boolean {
  if (deviations.length < thresholds.fewestNodesToCompare) return false
  const half = exceeded(seconds, thresholds).seconds / 2
  const near = deviations.filter(({ offsetSeconds }) => Math.abs(offsetSeconds) <= half)
  return near.length >= deviations.length * MAJORITY
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
function agreedNtp({ ntp }: NodeClock, thresholds: Thresholds): Offset | null {
  const middle = median(ntp.map(({ offsetSeconds }) => offsetSeconds))
  const agreeing = ntp.filter(
    ({ offsetSeconds, uncertaintySeconds }) =>
      Math.abs(offsetSeconds - middle) <= uncertaintySeconds + thresholds.clockInfoSeconds / 2,
  )
  if (agreeing.length * 2 <= ntp.length) return null
  return agreeing.reduce((best, one) => (one.uncertaintySeconds < best.uncertaintySeconds ? one : best))
}

/** How far the two outermost clocks are apart, beyond doubt. */
function clocksApart(clocks: readonly NodeClock[], thresholds: Thresholds): ClocksApart | null {
  const compared = clocks.flatMap(({ node, aggregator }) => (aggregator === null ? [] : [{ node, ...aggregator }]))
  const sorted = compared.sort((a, b) => a.offsetSeconds - b.offsetSeconds)
  const [first] = sorted
  const last = sorted.at(-1)
  if (first === undefined || last === undefined || compared.length < 2) return null
  const apartSeconds = last.offsetSeconds - first.offsetSeconds
  const { severity } = exceeded(apartSeconds - first.uncertaintySeconds - last.uncertaintySeconds, thresholds)
  if (severity === null) return null
  return {
    nodes: compared.map(({ node }) => node).sort(),
    apartSeconds,
    severity,
    since: Math.max(first.takenAt, last.takenAt),
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
