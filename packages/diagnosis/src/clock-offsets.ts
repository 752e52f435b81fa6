import type { Plan } from '@oddnode/protocol'
import type { ClockReading, Fleet, FleetNode } from './fleet.ts'
import { agentsOf } from './silence.ts'

/** How far a node's clock is off, and how surely. + = the node is ahead. */
export type Offset = {
  offsetSeconds: number
  uncertaintySeconds: number
  /** `ntp 192.0.2.1`, or `aggregator`; of servers that say the same `ntp 192.0.2.1 192.0.2.2`. */
  reference: string
  takenAt: number
}

/** What is known of a node's clock now. Host and pod share one clock: the surest fresh reading of either counts. */
export type NodeClock = {
  node: string
  /** Against the aggregator: nodes are compared by it, so that the aggregator's own error cancels. */
  aggregator: Offset | null
  /** Against each NTP server that answered, by address. */
  ntp: Offset[]
  /** A second implementation agreed with one of these. It speaks IPv4 only. */
  confirmed: boolean
}

/** A reading counts as long as a probe's last sample does; NTP servers are asked less often. */
const FRESH_INTERVALS = 3
/** A push measures, and the round that ends after it carries the reading: rounds vary by a fifth, their ends by a late answer more. */
const LAG_INTERVALS = 2

/** The fresh readings of a node. What was measured before its clock last jumped says nothing of it any more. */
export function nodeClock(fleet: Fleet, node: FleetNode, at: number): NodeClock {
  const agents = agentsOf(fleet, node.name)
  const steppedAt = agents.reduce(
    (last, { clockMemory }) => Math.max(last, clockMemory.steps.at(-1)?.at ?? last),
    -Infinity,
  )
  const readings = agents.flatMap((agent) =>
    agent.clocks.filter((reading) => reading.takenAt > steppedAt && isFresh(fleet, agent.plan, reading, at)),
  )
  const offsets = readings.flatMap((reading) => offsetOf(reading) ?? [])
  const surest = [...Map.groupBy(offsets, ({ reference }) => reference).values()].map(surestOf)
  const byName = (a: Offset, b: Offset) => (a.reference < b.reference ? -1 : 1)
  return {
    node: node.name,
    aggregator: surest.find(({ reference }) => reference === 'aggregator') ?? null,
    ntp: surest.filter(({ reference }) => reference !== 'aggregator').sort(byName),
    confirmed: readings.some(({ sample }) => sample.secondOpinion?.agrees === true),
  }
}

/**
 * The least uncertain of the readings that the newest does not contradict: a pod asks an NTP server once for many times that its host does,
 * and what it read before the server, or the clock, was set is surely wrong.
 */
function surestOf(readings: readonly Offset[]): Offset {
  const [newest, ...older] = readings.toSorted(
    (a, b) => b.takenAt - a.takenAt || a.uncertaintySeconds - b.uncertaintySeconds,
  ) as [Offset, ...Offset[]]
  const agrees = ({ offsetSeconds, uncertaintySeconds }: Offset): boolean =>
    Math.abs(offsetSeconds - newest.offsetSeconds) <= uncertaintySeconds + newest.uncertaintySeconds
  return older
    .filter(agrees)
    .reduce((best, one) => (one.uncertaintySeconds < best.uncertaintySeconds ? one : best), newest)
}

/** Whether a node's clock can be told now; of a node that is gone there is nothing left to tell. */
export function isClockMeasured(fleet: Fleet, name: string, at: number): boolean {
  const node = fleet.nodes.get(name)
  if (node === undefined) return true
  const { aggregator, ntp } = nodeClock(fleet, node, at)
  return aggregator !== null || ntp.length > 0
}

/** Whether a reading still counts at `at`; one against the aggregator from before its clock was set does not. */
export function isFresh(fleet: Fleet, { ntp, intervalSeconds }: Plan, reading: ClockReading, at: number): boolean {
  const { kind, address } = reading.sample.reference
  if (kind === 'aggregator') return isFreshHere(fleet, reading.takenAt, intervalSeconds, at)
  const everySeconds = ntp.find((server) => server.address === address)?.everySeconds ?? 0
  return at - reading.takenAt <= Math.max(fleet.thresholds.staleSeconds, FRESH_INTERVALS * everySeconds)
}

/** The same of a reading against the aggregator, by when it was taken. @param takenAt NaN is never fresh */
export const isFreshHere = (
  { clockSince, thresholds }: Fleet,
  takenAt: number,
  intervalSeconds: number,
  at: number,
): boolean => takenAt - LAG_INTERVALS * intervalSeconds >= clockSince && at - takenAt <= thresholds.staleSeconds

/** A reading that a second implementation contradicts counts for nothing: nobody is accused on the word of one. */
function offsetOf({ sample, takenAt }: ClockReading): Offset | null {
  const { offsetSeconds, uncertaintySeconds, reference } = sample
  if (sample.outcome !== 'answered' || offsetSeconds === null || uncertaintySeconds === null) return null
  if (sample.secondOpinion?.agrees === false) return null
  const name = reference.kind === 'aggregator' ? 'aggregator' : `ntp ${reference.address}`
  return { offsetSeconds, uncertaintySeconds, reference: name, takenAt }
}

/** How much of an offset is beyond doubt: |offset| − uncertainty, at least 0. */
export function certainSeconds({
  offsetSeconds,
  uncertaintySeconds,
}: Pick<Offset, 'offsetSeconds' | 'uncertaintySeconds'>): number {
  return Math.max(0, Math.abs(offsetSeconds) - uncertaintySeconds)
}
