import type { ClockOutcome, ClockSample, Cluster, ClusterNode, Facts, Finding, Plan, Vantage } from '@oddnode/protocol'
import type { ClockMemory } from './clock-memory.ts'
import type { CounterHistory } from './counter-growth.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { createLooked, type Looked } from './look.ts'
import { createSlowCells, type SlowCells } from './slow-cells.ts'
import type { Thresholds } from './thresholds.ts'
import type { AgentWindows } from './window.ts'

/**
 * All that the diagnosis knows: plain data, changed only by `applyRound`, `applyCluster` and `applyTick` (`apply.ts`), and by what
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
  /** What is known of the cluster besides what agents see; null where nobody tells. */
  cluster: Cluster | null
  /** By `agentKey`. */
  agents: Map<string, FleetAgent>
  /**
   * Open ones, and those that ended within the flapping time. By `Finding.id`. What a reader is shown is `visibleFindings`: an open
   * finding that another one covers is here too, so that it keeps its start.
   */
  findings: Map<string, Finding>
  /** When an open finding that goes on elsewhere last named a node, by the node's name, or showed more of it. */
  leftAt: Map<string, number>
  /** Counts over the matrix. */
  ledger: Ledger
  /** Answer times beside those of other nodes. */
  slow: SlowCells
  /** What the rules of the catalogue found. */
  looked: Looked
}

/** A fleet that nobody has reported to yet. */
export function createFleet(startedAt: number, thresholds: Thresholds): Fleet {
  return {
    listeningSince: startedAt,
    clockSince: startedAt,
    now: startedAt,
    thresholds,
    nodes: new Map(),
    cluster: null,
    agents: new Map(),
    findings: new Map(),
    leftAt: new Map(),
    ledger: createLedger(),
    slow: createSlowCells(),
    looked: createLooked(),
  }
}

/** A node that is expected to report: from the Kubernetes API, or because it once pushed. `ready` is null outside Kubernetes. */
export type FleetNode = Omit<ClusterNode, 'ready'> & { ready: boolean | null }

/** A node of which nothing is known but that it pushed. */
export function createNode(name: string, expected: Vantage[]): FleetNode {
  return { name, ready: null, cordoned: false, createdAt: null, attributes: {}, group: '', expected }
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
  /** Readings of the counters that faults look at, by name: `conntrack.insert_failed`, `conntrack.drop`, `conntrack.early_drop`. */
  counters: Map<string, CounterHistory>
  /** The last reading per reference, the aggregator's own included. */
  clocks: ClockReading[]
  /** What else is kept of its clock. */
  clockMemory: ClockMemory
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
  /** The last tries of an NTP server, this one included, oldest first. */
  tries?: readonly ClockTry[]
}

/** What an exchange came to, and when, on the aggregator's clock. */
export type ClockTry = { takenAt: number; outcome: ClockOutcome }

/** The key of an agent in `Fleet.agents`. */
export const agentKey = (node: string, vantage: Vantage): string => `${vantage}/${node}`
