import { type ClockColumns, clockColumns, lastStepAt } from './clock-columns.ts'
import { historyServers } from './clock-memory.ts'
import type { View } from './fault.ts'
import type { Fleet, FleetAgent } from './fleet.ts'
import { sortedAgents } from './ledger.ts'
import { median } from './median.ts'
import {
  HISTORY_SECONDS,
  type OffsetHistory,
  type OffsetPoint,
  offsetEnds,
  offsetPoints,
  slopeOf,
} from './offset-history.ts'
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
  const slopes = rows.map(roughSlope)
  const middleSlope = median(slopes)
  const middle = median(rows.map(({ lastSeconds }) => lastSeconds))
  return rows.flatMap(({ agent }, row): ClockDrift[] => {
    if (Math.abs((slopes[row] as number) - middleSlope) <= SUSPECT_SLOPE) return []
    const since = countsSince(fleet, agent)
    const history = agent.clockMemory.history.get('aggregator')
    const ends = longEnds(history, since, at, paceOf(agent.plan))
    if (history === undefined || ends === null) return []
    const points = offsetPoints(history, since, at, paceOf(agent.plan)).map((point) => ({
      ...point,
      offsetSeconds: point.offsetSeconds - middle - middleSlope * (point.takenAt - ends[1].takenAt),
    }))
    const ntpSlope = ntpDriftOf(agent, since, at)?.slope ?? null
    return [{ ...driftOf(agent.node, points, ends), ntpSlope }]
  })
}

type Ends = [OffsetPoint, OffsetPoint]
type Row = { agent: FleetAgent; firstAt: number; firstSeconds: number; lastAt: number; lastSeconds: number }

/** Each node's first and last reading against the aggregator, by its host agent where it has one. */
function endsByNode(fleet: Fleet, at: number): Row[] {
  const columns = clockColumns(fleet)
  const rows: Row[] = []
  let node = -1
  for (let place = 0; place < columns.agents.length; place++) {
    if (columns.nodeOf[place] === node) continue
    const row = rowAt(fleet, columns, place, at)
    if (row === null) continue
    node = columns.nodeOf[place] as number
    rows.push(row)
  }
  return rows
}

/** As the last push of the agent put it down; from its history where the first reading is too old by now. */
function rowAt(fleet: Fleet, columns: ClockColumns, place: number, at: number): Row | null {
  const agent = columns.agents[place] as FleetAgent
  const pace = paceOf({ intervalSeconds: columns.intervalSeconds[place] as number })
  const firstAt = columns.firstAt[place] as number
  if (firstAt > Math.max(fleet.clockSince, at - HISTORY_SECONDS * pace)) {
    const lastAt = columns.lastAt[place] as number
    if (!isLong(firstAt, lastAt, at, pace)) return null
    const firstSeconds = columns.firstSeconds[place] as number
    return { agent, firstAt, firstSeconds, lastAt, lastSeconds: columns.lastSeconds[place] as number }
  }
  if (Number.isNaN(firstAt)) return null
  const ends = longEnds(agent.clockMemory.history.get('aggregator'), countsSince(fleet, agent), at, pace)
  if (ends === null) return null
  const [first, last] = ends
  return {
    agent,
    firstAt: first.takenAt,
    firstSeconds: first.offsetSeconds,
    lastAt: last.takenAt,
    lastSeconds: last.offsetSeconds,
  }
}

/** Readings from before the aggregator's clock was set, or the agent's stepped, do not count. */
const countsSince = ({ clockSince }: Fleet, agent: FleetAgent): number => Math.max(clockSince, lastStepAt(agent))

function longEnds(history: OffsetHistory | undefined, since: number, at: number, pace: number): Ends | null {
  const ends = history === undefined ? null : offsetEnds(history, since, at, pace)
  return ends !== null && isLong(ends[0].takenAt, ends[1].takenAt, at, pace) ? ends : null
}

const isLong = (firstAt: number, lastAt: number, at: number, pace: number): boolean =>
  lastAt - firstAt >= FEWEST_SECONDS * pace && at - lastAt <= NEWEST_SECONDS * pace

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

const roughSlope = ({ firstAt, firstSeconds, lastAt, lastSeconds }: Row): number =>
  (lastSeconds - firstSeconds) / (lastAt - firstAt)

/** Whether a clock has been measured for long enough to say how it moves. */
export function hasDriftData(agent: FleetAgent, seconds: number, at: number): boolean {
  return [...agent.clockMemory.history.values()].some((history) => {
    const ends = longEnds(history, lastStepAt(agent), at, paceOf(agent.plan))
    return ends !== null && ends[1].takenAt - ends[0].takenAt >= seconds
  })
}
