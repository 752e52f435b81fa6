import type { ClockSample, Facts, Finding, Plan, Vantage } from '@oddnode/protocol'
import { type CellIds, createCellIds } from './cell-ids.ts'
import type { Thresholds } from './thresholds.ts'
import type { AgentWindows } from './window.ts'

/**
 * All that the diagnosis knows: plain data, changed only by `applyRound`, `applyNodes` and `applyTick` (`apply.ts`), and by what
 * interrupts the aggregator itself (`interruptions.ts`).
 *
 * Every time is in seconds on **the aggregator's clock** (Unix time at its start, monotonic from there): an agent's wall clock is on
 * trial and never orders anything. The diagnosis has no clock of its own: time reaches it with each input.
 */
export type Fleet = {
  /** When this aggregator began to listen, or began again after it stood still: nothing can be silent for longer than that. */
  listeningSince: number
  /** Since when its wall clock goes without being set: readings against it from before do not compare with later ones. */
  clockSince: number
  /** The time of the last input. */
  now: number
  thresholds: Thresholds
  /** By name. */
  nodes: Map<string, FleetNode>
  /** By `agentKey`. */
  agents: Map<string, FleetAgent>
  /**
   * Open ones, and those that ended within the flapping time. By `Finding.id`. What a reader is shown is `visibleFindings`: an open
   * finding that another one covers is here too, so that it keeps its start.
   */
  findings: Map<string, Finding>
  /** Numbers for the cells of the matrix. */
  cellIds: CellIds
}

/** A fleet that nobody has reported to yet. */
export function createFleet(startedAt: number, thresholds: Thresholds): Fleet {
  return {
    listeningSince: startedAt,
    clockSince: startedAt,
    now: startedAt,
    thresholds,
    nodes: new Map(),
    agents: new Map(),
    findings: new Map(),
    cellIds: createCellIds(),
  }
}

/** A node that is expected to report: from the Kubernetes API, or because it once pushed. */
export type FleetNode = {
  name: string
  /** Kubernetes' Ready condition; null outside Kubernetes. */
  ready: boolean | null
  /** What it may share with others: zone, kernel, kubelet, … */
  attributes: Record<string, string>
  /** When the node came into being; null where nobody knows. */
  createdAt: number | null
  /** The vantages that an agent is expected in. */
  expected: Vantage[]
}

/** One agent: a node × vantage that pushed at least once. */
export type FleetAgent = {
  node: string
  vantage: Vantage
  version: string
  plan: Plan
  /** When its first and its last push were received. */
  firstSeen: number
  lastSeen: number
  /** Its last push said goodbye: it stopped cleanly, so its silence is no finding of its own. */
  stopped: boolean
  droppedRounds: number
  windows: AgentWindows
  facts: Facts | null
  /** The last reading per reference, the aggregator's own included. */
  clocks: ClockReading[]
  /** Boot ids and counters already applied, so that a repeat changes nothing: `boot` → highest contiguous counter and those above it. */
  applied: Map<string, AppliedRounds>
}

export type AppliedRounds = {
  /** Every counter up to and including this one was applied; −1 for none. */
  through: number
  /** Counters above `through` that were applied, while one below is still in the agent's buffer or was dropped. */
  above: Set<number>
}

export type ClockReading = {
  sample: ClockSample
  /** When it was taken. */
  takenAt: number
}

/** The key of an agent in `Fleet.agents`. */
export const agentKey = (node: string, vantage: Vantage): string => `${vantage}/${node}`
