import type { AgentRow, ClockReading, FleetNode, Remembered, RememberedAgent, RestoredState } from '@oddnode/diagnosis'
import type { Cluster, Facts, Finding, Plan } from '@oddnode/protocol'

/** The state of one probe, as it is held until there are fresh samples. */
export type StateRow = { agent: string; state: RestoredState }

/**
 * From when on a probe had another state. Every change has the time when the aggregator noted it, in seconds on its clock:
 * the past is told as it was told then, not as late rounds made it out afterwards.
 */
export type StateChangeRow = {
  notedAt: number
  /** `agentKey`. */
  agent: string
  /** `probeKey`: the same probe in every plan. */
  key: string
  /** The state with the evidence of its window; null for a probe that left the plan. */
  state: RestoredState | null
}

/** How an agent was heard from some time on. */
export type Presence = Pick<AgentRow, 'version' | 'planId' | 'firstSeen' | 'stopped' | 'droppedRounds'> & {
  /** When it was heard for the last time; null while it is heard. */
  lastSeen: number | null
}

/** A changed agent, or null for one whose node is gone. */
export type AgentChangeRow = { notedAt: number; agent: string; presence: Presence | null }
/** A changed node, or null for one that is gone. */
export type NodeChangeRow = { notedAt: number; name: string; node: FleetNode | null }
/** What of the cluster's picture is on the report. */
export type PictureRow = { notedAt: number } & Pick<Cluster, 'checks' | 'hidden'>
export type FactsRow = { agent: string; at: number; facts: Facts }
/** A reading is noted when it is pushed, up to a round after it was taken. */
export type ClockRow = { notedAt: number; agent: string; reading: ClockReading }
export type FindingRow = { notedAt: number; finding: Finding }

/** What is written in one transaction. Of two rows with the same key the later one counts. */
export type Batch = {
  /** When it is written, and since when the aggregator has listened without a break: all that changed between the two is known. */
  at: number
  listeningSince: number
  plans: Plan[]
  agents: AgentRow[]
  /** Agents whose plan changed: their states so far are forgotten first. */
  replanned: string[]
  states: StateRow[]
  changes: StateChangeRow[]
  agentChanges: AgentChangeRow[]
  nodeChanges: NodeChangeRow[]
  pictures: PictureRow[]
  facts: FactsRow[]
  clocks: ClockRow[]
  findings: FindingRow[]
  /**
   * The batch is all that is known: agents and open findings that the store has beyond it belong to a past that nobody watched, and
   * are forgotten or ended.
   */
  whole: boolean
}

/** What was known at one moment. Every method throws `StoreError` and nothing else. */
export type Past = {
  at: number
  /** Since when the aggregator had listened without a break. */
  listeningSince: number
  picture: Pick<Cluster, 'checks' | 'hidden'>
  /** Open then, or ended in the day before, as they were told then. */
  findings: readonly Finding[]
  /** In the order of names, read some at a time. */
  nodes: () => Generator<FleetNode, void, void>
  /** One of them; null where there was none of this name. */
  node: (name: string) => FleetNode | null
  /** The agents of a node with their states then, and the plans that they followed by id. */
  agentsOf: (node: string) => { plans: ReadonlyMap<string, Plan>; agents: RememberedAgent[] }
}

/** Why nothing is known of a moment. Times are on the aggregator's clock; null where there is none. */
export type NoPast = {
  why: 'nothing-kept' | 'too-early' | 'not-running' | 'unreadable'
  /** The last moment before it that is known, and the first after it. */
  before: number | null
  after: number | null
}

/**
 * What outlives a restart. Synchronous: a commit is a matter of milliseconds, and nothing else may come between.
 * Every method throws `StoreError` and nothing else.
 */
export type Store = {
  /** Plans, agents with their present states, and open findings. */
  load: () => Remembered
  /** All of the batch or nothing. */
  commit: (batch: Batch) => void
  /** Findings that ended at or after `since`, the latest first. */
  endedFindings: (since: number, limit: number) => Finding[]
  /** A finding by its id, as it was seen last; null for one that is not remembered. */
  finding: (id: string) => Finding | null
  /** What was known at a moment. */
  past: (at: number) => Past | NoPast
  /** Forgets history, and ended findings, from before `before`: a bounded number of rows at each call. */
  prune: (before: number) => void
  close: () => void
}

export const emptyBatch = (): Batch => ({
  at: 0,
  listeningSince: 0,
  plans: [],
  agents: [],
  replanned: [],
  states: [],
  changes: [],
  agentChanges: [],
  nodeChanges: [],
  pictures: [],
  facts: [],
  clocks: [],
  findings: [],
  whole: false,
})
