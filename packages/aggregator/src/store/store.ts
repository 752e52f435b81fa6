import type { AgentRow, ClockReading, Remembered, RestoredState } from '@oddnode/diagnosis'
import type { Facts, Finding, Plan, State } from '@oddnode/protocol'

/** The state of one probe, as it is held until there are fresh samples. */
export type StateRow = { agent: string; state: RestoredState }

/** One step of a probe from a state to another, with the evidence of its window in JSON. */
export type StateChangeRow = {
  at: number
  agent: string
  planId: string
  probe: number
  from: State
  to: State
  evidence: RestoredState
}

export type FactsRow = { agent: string; at: number; facts: Facts }
export type ClockRow = { agent: string; reading: ClockReading }

/** What is written in one transaction. Of two rows with the same key the later one counts. */
export type Batch = {
  plans: Plan[]
  agents: AgentRow[]
  /** Agents whose plan changed: their states so far are forgotten first. */
  replanned: string[]
  states: StateRow[]
  changes: StateChangeRow[]
  facts: FactsRow[]
  clocks: ClockRow[]
  findings: Finding[]
  /**
   * The batch is all that is known: agents and open findings that the store has beyond it belong to a past that nobody watched, and
   * are forgotten or ended.
   */
  whole: boolean
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
  /** Forgets history, and ended findings, from before `before`: a bounded number of rows at each call. */
  prune: (before: number) => void
  close: () => void
}

export const emptyBatch = (): Batch => ({
  plans: [],
  agents: [],
  replanned: [],
  states: [],
  changes: [],
  facts: [],
  clocks: [],
  findings: [],
  whole: false,
})
