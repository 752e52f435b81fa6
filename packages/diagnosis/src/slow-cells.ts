import type { Plan } from '@oddnode/protocol'
import { cellIdsOf } from './cell-ids.ts'
import { agentKey, type Fleet, type FleetAgent } from './fleet.ts'
import { evidenceOf, NO_TIME } from './kept-samples.ts'
import { columnKey, sortedAgents } from './ledger.ts'
import { median } from './median.ts'
import { fleetPace } from './pace-of-rounds.ts'
import type { Thresholds } from './thresholds.ts'
import type { AgentWindows } from './window.ts'

/** How fast a column is, over its nodes; seconds. */
export type ColumnPace = { median: number; deviation: number }

/** The last look over all answer times. */
export type SlowCells = {
  /** Seconds on the aggregator's clock. */
  at: number
  /** By `columnKey`. */
  columns: Map<number, ColumnPace>
  /** Slow probes of each agent that has any, by `agentKey`; of the plan that it had then. */
  agents: Map<string, { plan: Plan; probes: number[] }>
}

export const createSlowCells = (): SlowCells => ({ at: -Infinity, columns: new Map(), agents: new Map() })

const EVERY_SECONDS = 15
/** So many nodes of a column tell its middle well enough. */
const ASKED_NODES = 101
/** Without as many there is no middle to differ from. */
const FEWEST_NODES = 3
/** A median absolute deviation of a normal distribution is its standard deviation ÷ 1.4826. */
const DEVIATIONS = 6 * 1.4826

/**
 * Slow beside the others: three times their middle, `slowSeconds` more, and outside of what they differ by among themselves.
 */
export const isSlow = (seconds: number, { median, deviation }: ColumnPace, { slowSeconds }: Thresholds): boolean =>
  seconds > 3 * median && seconds > median + slowSeconds && seconds > median + DEVIATIONS * deviation

/** The middle of a probe's window in seconds, if that and as many samples as a window has are slow: a few late answers are a tail, no pace. */
export function slowMedian({ samples, thresholds }: AgentWindows, probe: number, column: ColumnPace): number | null {
  const { medianSeconds } = evidenceOf(samples, probe, thresholds.windowSamples)
  if (medianSeconds === null || !isSlow(medianSeconds, column, thresholds)) return null
  const first = probe * samples.size
  const times = samples.microseconds.subarray(first, first + (samples.count[probe] as number))
  const slow = times.filter((time) => time !== NO_TIME && isSlow(time / 1e6, column, thresholds))
  return slow.length >= thresholds.windowSamples ? medianSeconds : null
}

/** Looks over all answer times, from time to time. */
export function updateSlowCells(fleet: Fleet, at: number): void {
  const { slow } = fleet
  if (at - slow.at < EVERY_SECONDS * fleetPace(fleet)) return
  slow.at = at
  const agents = sortedAgents(fleet.ledger, fleet.agents)
  slow.columns = pacesOf(fleet, agents)
  slow.agents = new Map()
  for (const agent of agents) {
    const probes = slowProbes(fleet, agent)
    if (probes.length > 0) slow.agents.set(agentKey(agent.node, agent.vantage), { plan: agent.plan, probes })
  }
}

function pacesOf({ ledger }: Fleet, agents: readonly FleetAgent[]): Map<number, ColumnPace> {
  const samples = new Map<number, number[]>()
  for (const vantage of ['host', 'pod'] as const) {
    for (const agent of spread(agents.filter((one) => one.vantage === vantage))) {
      const ids = cellIdsOf(ledger.cellIds, agent.plan)
      for (let probe = 0; probe < ids.length; probe++) {
        const pace = agent.windows.paces.pace[probe] as number
        if (Number.isNaN(pace)) continue
        const key = columnKey(ids[probe] as number, vantage)
        const known = samples.get(key)
        if (known === undefined) samples.set(key, [pace])
        else known.push(pace)
      }
    }
  }
  const columns = new Map<number, ColumnPace>()
  for (const [key, paces] of samples) {
    if (paces.length < FEWEST_NODES) continue
    const usual = median(paces)
    columns.set(key, { median: usual, deviation: median(paces.map((pace) => Math.abs(pace - usual))) })
  }
  return columns
}

/** At most `ASKED_NODES` of them, evenly taken. */
function spread(agents: readonly FleetAgent[]): FleetAgent[] {
  const step = Math.max(1, agents.length / ASKED_NODES)
  const count = Math.min(agents.length, ASKED_NODES)
  return Array.from({ length: count }, (_, i) => agents[Math.floor(i * step)] as FleetAgent)
}

function slowProbes({ ledger, slow, thresholds }: Fleet, { plan, vantage, windows }: FleetAgent): number[] {
  const ids = cellIdsOf(ledger.cellIds, plan)
  const probes: number[] = []
  for (let probe = 0; probe < ids.length; probe++) {
    const pace = windows.paces.pace[probe] as number
    if (pace < thresholds.slowSeconds || Number.isNaN(pace)) continue
    const column = slow.columns.get(columnKey(ids[probe] as number, vantage))
    if (column === undefined || !isSlow(pace, column, thresholds)) continue
    if (slowMedian(windows, probe, column) !== null) probes.push(probe)
  }
  return probes
}
