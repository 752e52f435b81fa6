import type { NoDataReason, Outcome, Plan, Sample, State } from '@oddnode/protocol'
import type { Thresholds } from './thresholds.ts'

/**
 * The recent samples of all probes of one agent, and the state of each. Held in typed arrays: an aggregator has 20,000 of these.
 */
export type AgentWindows = {
  /** The plan that the indexes belong to. */
  planId: string
}

/** The verdict over one probe's window. */
export type ProbeState = {
  state: State
  /** Only with `no-data`. */
  reason: NoDataReason | null
  /** The commonest outcome of the window; null without samples. */
  outcome: Outcome | null
  outcomes: Partial<Record<Outcome, number>>
  /** The commonest RCODE among the answers. */
  rcode: number | null
  answered: number
  asked: number
  medianSeconds: number | null
  /** When it came into this state. */
  since: number | null
  lastSampleAt: number | null
  /** Bad samples at the end of the window, without a good one between. */
  badInARow: number
  goodInARow: number
  /** The answer set of the last good sample, sorted; [] if empty. */
  answers: readonly string[]
  /** The first error of the current run of bad samples. */
  error: string | null
}

export type StateChange = { probe: number; from: State; to: State; at: number }

declare const windows: {
  createWindows(plan: Plan, thresholds: Thresholds): AgentWindows
  /** @param endedAt when the round ended, on the aggregator's clock */
  addSamples(windows: AgentWindows, plan: Plan, samples: readonly Sample[], endedAt: number): StateChange[]
  /** Turns what became stale by `now` into no-data. */
  expire(windows: AgentWindows, plan: Plan, now: number): StateChange[]
  probeState(windows: AgentWindows, probe: number): ProbeState
}
