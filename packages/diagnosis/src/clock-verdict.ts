import type { Severity } from '@oddnode/protocol'
import { clockColumns } from './clock-columns.ts'
import { certainSeconds, type NodeClock, nodeClock, type Offset } from './clock-offsets.ts'
import { apartSeconds, type ComparedClocks, comparedClocks, MAJORITY, nodesAgree } from './compared-clocks.ts'
import type { View } from './fault.ts'
import type { Fleet } from './fleet.ts'
import { agreedNtp, type MiddleByNtp, middleByNtp } from './ntp-reference.ts'
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
  /** Most nodes are off alike, and NTP sides with the others. */
  isOfMost: boolean
}

/** Clocks that are apart, without a majority or an outside reference to say which one is off. */
export type ClocksApart = { nodes: string[]; apartSeconds: number; severity: Severity; since: number }

/** In the order of nodes. */
export type ClockVerdict = { wrong: WrongClock[]; apart: ClocksApart | null }

/** What an offset from the middle of all nodes is told against. */
export const THE_OTHER_NODES = 'the other nodes'

const verdicts = new WeakMap<View, ClockVerdict>()

/** The verdict of one evaluation, worked out once. */
export function clockVerdictOf(view: View): ClockVerdict {
  const verdict = verdicts.get(view) ?? clockVerdict(view)
  verdicts.set(view, verdict)
  return verdict
}

/**
 * Which clocks are wrong. Nodes are compared with each other by their offsets from the aggregator, whose own error cancels; NTP, where it
 * answers, must agree. Where it says that the middle of the nodes itself is off, it alone decides: the majority is not the truth. Without a
 * majority NTP alone decides too, and without that nobody is accused.
 *
 * Most nodes are told to be well by two numbers each; only those that look wrong are looked at closely.
 */
export function clockVerdict(view: View): ClockVerdict {
  const compared = comparedClocks(view)
  const { thresholds } = view.fleet
  const middle = isAnybodyOff(view.fleet, compared) ? middleByNtp(view) : null
  if (middle === null || certainSeconds(middle) <= thresholds.clockInfoSeconds) return byMajority(view, compared, 0)
  if (middle.right > 0 || !nodesAgree(compared, thresholds)) return { wrong: byReference(view, middle), apart: null }
  // The whole cluster is off, which is told once: only who is apart from it is told besides.
  const isApart = apartNodes(compared, thresholds)
  const { wrong } = byMajority(view, compared, middle.offsetSeconds)
  return { wrong: wrong.filter(({ node }) => isApart.has(node)), apart: null }
}

const apartNodes = (compared: ComparedClocks, { clockInfoSeconds }: Thresholds): ReadonlySet<string> =>
  new Set(compared.nodes.filter((_, i) => apartSeconds(compared, i) > clockInfoSeconds))

function isAnybodyOff({ ledger, agents, thresholds }: Fleet, compared: ComparedClocks): boolean {
  const { mostByNtpSeconds } = clockColumns({ ledger, agents })
  return (
    mostByNtpSeconds.some((most) => most > thresholds.clockInfoSeconds) ||
    compared.seconds.some((_, i) => apartSeconds(compared, i) > thresholds.clockInfoSeconds)
  )
}

/** The clocks that are off by NTP, of nodes that ask none too. */
function byReference(view: View, middle: MiddleByNtp): WrongClock[] {
  const { fleet } = view
  const { thresholds } = fleet
  const { reference } = middle
  const compared = comparedClocks(view)
  const { nodes, columnOf, seconds, uncertainty, takenAt } = compared
  const well = wellByNtp(fleet)
  return nodes.flatMap((node, i): WrongClock[] => {
    const offset = {
      offsetSeconds: (seconds[i] as number) + reference.aggregatorSeconds,
      uncertaintySeconds: (uncertainty[i] as number) + reference.uncertaintySeconds,
      reference: `ntp ${reference.servers.join(' ')}`,
      takenAt: takenAt[i] as number,
    }
    const { severity } = exceeded(certainSeconds(offset), thresholds)
    if (severity === null || !fleet.nodes.has(node) || well.has(columnOf[i] as number)) return []
    const onOneWordOf = reference.servers.length === 1 ? 'server' : reference.confirmed ? null : 'implementation'
    const isOfMost = middle.right > 0 && apartSeconds(compared, i) <= thresholds.clockInfoSeconds
    return [{ node, offset, severity, onOneWordOf, contradictedBy: null, isOfMost }]
  })
}

/** Places in `ClockColumns.nodes` of those with whom their own NTP servers find nothing wrong: their readings do not fit each other. */
function wellByNtp(fleet: Fleet): ReadonlySet<number> {
  const { nodeOf, hasNtp, mostByNtpSeconds } = clockColumns(fleet)
  const well = new Set<number>()
  const off = new Set<number>()
  hasNtp.forEach((has, place) => {
    const isOff = (mostByNtpSeconds[place] as number) > fleet.thresholds.clockInfoSeconds
    if (has === 1) (isOff ? off : well).add(nodeOf[place] as number)
  })
  for (const node of off) well.delete(node)
  return well
}

/** @param middleSeconds what NTP says of the middle */
function byMajority({ fleet, at }: View, compared: ComparedClocks, middleSeconds: number): ClockVerdict {
  const { thresholds } = fleet
  const near = new Map<number, number>()
  const canCompare = (seconds: number) => hasMajority(compared, seconds, thresholds, near)
  const wrong = suspects(fleet, compared, canCompare).flatMap((name) => {
    const node = fleet.nodes.get(name)
    if (node === undefined) return []
    const clock = nodeClock(fleet, node, at)
    const { aggregator } = clock
    const byOthers =
      aggregator === null ? null : wrongByOthers(clock, deviation(aggregator, compared), middleSeconds, thresholds)
    if (byOthers !== null && canCompare(certainSeconds(byOthers.offset))) return [byOthers]
    const byNtp = wrongByNtp(clock, thresholds)
    const outvoted = byNtp !== null && aggregator !== null && canCompare(certainSeconds(byNtp.offset))
    return byNtp === null || outvoted ? [] : [byNtp]
  })
  const apart = wrong.length > 0 ? null : clocksApart(compared, thresholds)
  return { wrong, apart: apart === null || canCompare(apart.apartSeconds) ? null : apart }
}

/** Names of the nodes that may be wrong: far from the middle, or off by NTP where the nodes cannot overrule it. In their order. */
function suspects(fleet: Fleet, compared: ComparedClocks, canCompare: (seconds: number) => boolean): string[] {
  const { thresholds } = fleet
  const { nodes } = compared
  const names = new Set<string>()
  for (let i = 0; i < nodes.length; i++) {
    const certain = apartSeconds(compared, i)
    if (certain > thresholds.clockInfoSeconds && canCompare(certain)) names.add(nodes[i] as string)
  }
  // Where the nodes agree closely, NTP overrules none that is among them.
  const overruled = canCompare(thresholds.clockInfoSeconds) ? nodes : []
  if (overruled.length < fleet.nodes.size) {
    const close = new Set(overruled)
    const { nodes: all, nodeOf, mostByNtpSeconds } = clockColumns(fleet)
    mostByNtpSeconds.forEach((most, place) => {
      const node = all[nodeOf[place] as number] as string
      if (most > thresholds.clockInfoSeconds && !close.has(node)) names.add(node)
    })
  }
  return [...names].sort()
}

const deviation = (aggregator: Offset, { middle, middleUncertainty }: ComparedClocks): Offset => ({
  ...aggregator,
  offsetSeconds: aggregator.offsetSeconds - middle,
  uncertaintySeconds: aggregator.uncertaintySeconds + middleUncertainty,
  reference: THE_OTHER_NODES,
})

/**
 * Whether enough nodes agree to within half the threshold that this many seconds exceed.
 * @param near how many are so near to the middle, by the seconds: what was counted already
 */
function hasMajority(
  { seconds: offsets, middle }: ComparedClocks,
  seconds: number,
  thresholds: Thresholds,
  near: Map<number, number>,
): boolean {
  if (offsets.length < thresholds.fewestNodesToCompare) return false
  const half = exceeded(seconds, thresholds).seconds / 2
  const count = near.get(half) ?? offsets.reduce((sum, offset) => sum + (Math.abs(offset - middle) <= half ? 1 : 0), 0)
  near.set(half, count)
  return count >= offsets.length * MAJORITY
}

function wrongByOthers(
  clock: NodeClock,
  offset: Offset,
  middleSeconds: number,
  thresholds: Thresholds,
): WrongClock | null {
  const { severity, seconds } = exceeded(certainSeconds(offset), thresholds)
  if (severity === null) return null
  const ntp = agreedNtp(clock, thresholds)
  const slack = (ntp?.uncertaintySeconds ?? 0) + offset.uncertaintySeconds + seconds / 2
  const agrees = ntp === null || Math.abs(ntp.offsetSeconds - middleSeconds - offset.offsetSeconds) <= slack
  const contradictedBy = agrees ? null : ntp
  return { node: clock.node, offset, severity, onOneWordOf: null, contradictedBy, isOfMost: false }
}

function wrongByNtp(clock: NodeClock, thresholds: Thresholds): WrongClock | null {
  const offset = agreedNtp(clock, thresholds)
  if (offset === null) return null
  const { severity } = exceeded(certainSeconds(offset), thresholds)
  if (severity === null) return null
  const onOneWordOf = clock.ntp.length === 1 ? 'server' : clock.confirmed ? null : 'implementation'
  return { node: clock.node, offset, severity, onOneWordOf, contradictedBy: null, isOfMost: false }
}

/** How far the two outermost clocks are apart, beyond doubt. */
function clocksApart(
  { nodes, seconds, uncertainty, takenAt }: ComparedClocks,
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
