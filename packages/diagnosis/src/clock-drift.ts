import { historyServers } from './clock-memory.ts'
import type { View } from './fault.ts'
import type { Fleet, FleetAgent } from './fleet.ts'
import { sortedAgents } from './ledger.ts'
import { median } from './median.ts'
import { type OffsetHistory, type OffsetPoint, offsetEnds, offsetPoints, slopeOf } from './offset-history.ts'
import { paceOf } from './pace-of-rounds.ts'

/** A clock whose offset moves. */
export type ClockDrift = {
  node: string
  /** Seconds in a second: + = it gains. Against the middle of the other nodes' clocks, or against NTP. */
  slope: number
  /** How far it is off now; + = ahead. */
  offsetSeconds: number
  /** By NTP on the same node; null without enough readings. */
  ntpSlope: number | null
  /** What the first and the last reading may be off by together. */
  uncertaintySeconds: number
  /** The times of the first and the last reading that show it. */
  since: number
  until: number
}

/** Healthy oscillators keep to 15 ppm (RFC 5905 section 11.1). */
export const DRIFT_SLOPE = 50e-6
/** From here on a look at all readings is worth its cost. */
const SUSPECT_SLOPE = DRIFT_SLOPE / 2
/** A slope over less is noise. */
const FEWEST_SECONDS = 600
/** The newest reading of a history is at most so old: it is one of two minutes. */
const NEWEST_SECONDS = 300

const known = new WeakMap<View, ClockDrift[]>()

/** Clocks that may drift, by node; worked out once for each evaluation. */
export function clockDrifts(view: View): ClockDrift[] {
  const drifts = known.get(view) ?? driftsOf(view.fleet, view.at)
  known.set(view, drifts)
  return drifts
}

/**
 * The aggregator's own drift shows in all nodes alike, so it is the middle slope that counts as none. Of fewer nodes than can be compared NTP
 * tells.
 */
function driftsOf(fleet: Fleet, at: number): ClockDrift[] {
  const rows = endsByNode(fleet, at)
  if (rows.length < fleet.thresholds.fewestNodesToCompare) return ntpDrifts(fleet, at)
  const middleSlope = median(rows.map(({ ends }) => roughSlope(ends)))
  const middle = median(rows.map(({ ends: [, last] }) => last.offsetSeconds))
  return rows.flatMap(({ agent, history, since, ends }): ClockDrift[] => {
    if (Math.abs(roughSlope(ends) - middleSlope) <= SUSPECT_SLOPE) return []
    const points = offsetPoints(history, since, at, paceOf(agent.plan)).map((point) => ({
      ...point,
      offsetSeconds: point.offsetSeconds - middle - middleSlope * (point.takenAt - ends[1].takenAt),
    }))
    const ntpSlope = ntpDriftOf(agent, since, at)?.slope ?? null
    return [{ ...driftOf(agent.node, points, ends), ntpSlope }]
  })
}

type Ends = [OffsetPoint, OffsetPoint]
type Row = { agent: FleetAgent; history: OffsetHistory; since: number; ends: Ends }

/** Each node's first and last reading against the aggregator, by its host agent where it has one. */
function endsByNode(fleet: Fleet, at: number): Row[] {
  const rows: Row[] = []
  for (const agent of sortedAgents(fleet.ledger, fleet.agents)) {
    if (rows.at(-1)?.agent.node === agent.node) continue
    const since = Math.max(fleet.clockSince, lastStepAt(agent))
    const history = agent.clockMemory.history.get('aggregator')
    const ends = longEnds(history, since, at, paceOf(agent.plan))
    if (history !== undefined && ends !== null) rows.push({ agent, history, since, ends })
  }
  return rows
}

function longEnds(history: OffsetHistory | undefined, since: number, at: number, pace: number): Ends | null {
  const ends = history === undefined ? null : offsetEnds(history, since, at, pace)
  if (ends === null || ends[1].takenAt - ends[0].takenAt < FEWEST_SECONDS * pace) return null
  return at - ends[1].takenAt <= NEWEST_SECONDS * pace ? ends : null
}

function ntpDrifts(fleet: Fleet, at: number): ClockDrift[] {
  return sortedAgents(fleet.ledger, fleet.agents).flatMap((agent) => {
    const drift = agent.vantage === 'host' ? ntpDriftOf(agent, lastStepAt(agent), at) : null
    return drift === null || Math.abs(drift.slope) <= SUSPECT_SLOPE ? [] : [drift]
  })
}

/** By the first NTP server that answered for long enough. */
function ntpDriftOf({ clockMemory, plan, node }: FleetAgent, since: number, at: number): ClockDrift | null {
  const pace = paceOf(plan)
  for (const server of historyServers(plan)) {
    const history = clockMemory.history.get(server)
    const ends = longEnds(history, since, at, pace)
    if (history === undefined || ends === null) continue
    const drift = driftOf(node, offsetPoints(history, since, at, pace), ends)
    return { ...drift, ntpSlope: drift.slope }
  }
  return null
}

function driftOf(node: string, points: readonly OffsetPoint[], [first, last]: Ends): Omit<ClockDrift, 'ntpSlope'> {
  return {
    node,
    slope: slopeOf(points),
    offsetSeconds: points.at(-1)?.offsetSeconds ?? 0,
    uncertaintySeconds: first.uncertaintySeconds + last.uncertaintySeconds,
    since: first.takenAt,
    until: last.takenAt,
  }
}

const roughSlope = ([first, last]: Ends): number =>
  (last.offsetSeconds - first.offsetSeconds) / (last.takenAt - first.takenAt)

const lastStepAt = ({ clockMemory }: FleetAgent): number => clockMemory.steps.at(-1)?.at ?? -Infinity

/** Whether a clock has been measured for long enough to say how it moves. */
export function hasDriftData(agent: FleetAgent, seconds: number, at: number): boolean {
  return [...agent.clockMemory.history.values()].some((history) => {
    const ends = longEnds(history, lastStepAt(agent), at, paceOf(agent.plan))
    return ends !== null && ends[1].takenAt - ends[0].takenAt >= seconds
  })
}
