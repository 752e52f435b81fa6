import type { Plan } from '@oddnode/protocol'
import { states } from '@oddnode/protocol'
import { comparedAnswers, withFrozenTtl } from './answers.ts'
import { carryLongWindow } from './long-window.ts'
import { probeKeys } from './probe-key.ts'
import { sharedList } from './shared-list.ts'
import type { Thresholds } from './thresholds.ts'
import { stayingRun } from './ttl-runs.ts'
import { type AgentWindows, createWindows, type ProbeState, staleAfterSeconds } from './window.ts'

/** A probe's state as it was before a restart. */
export type RestoredState = ProbeState & {
  /** Index into the plan's `probes`. */
  probe: number
}

/**
 * Windows after a restart: each restored state holds, with its evidence, until there are three fresh samples (`fewestSamples`), so that a
 * restart neither ends nor starts a finding. States of probes that the plan does not have are left out.
 */
export function restoreWindows(plan: Plan, thresholds: Thresholds, restored: readonly RestoredState[]): AgentWindows {
  const windows = createWindows(plan, thresholds)
  for (const { probe, ...state } of restored) {
    const planned = plan.probes[probe]
    if (planned === undefined) continue
    windows.held.set(probe, state)
    windows.hasPast[probe] = 1
    windows.state[probe] = states.indexOf(state.state)
    windows.since[probe] = state.since ?? Number.NaN
    windows.answers[probe] = sharedList(state.answers)
    const answered = comparedAnswers(planned.question, state.answers)
    if (state.goodInARow > 0) windows.compared[probe] = state.ttlStays ? withFrozenTtl(answered) : answered
    if (state.ttlStays) windows.ttls.set(probe, stayingRun)
    windows.comparedSince[probe] = state.since ?? 0
    if (state.goodInARow > 0) windows.goodAt[probe] = state.lastSampleAt ?? -Infinity
    const staleAt = (state.lastSampleAt ?? 0) + staleAfterSeconds(plan, probe, thresholds)
    windows.freshUntil = Math.min(windows.freshUntil, staleAt)
  }
  return windows
}

/** Windows for a changed plan: the probes that both plans have keep all that was seen of them. */
export function carryWindows(old: AgentWindows, oldPlan: Plan, newPlan: Plan, thresholds: Thresholds): AgentWindows {
  const windows = createWindows(newPlan, thresholds)
  const places = new Map(probeKeys(oldPlan).map((key, probe) => [key, probe]))
  for (const [to, key] of probeKeys(newPlan).entries()) {
    const from = places.get(key)
    if (from !== undefined) carryProbe(old, from, windows, to)
  }
  windows.freshUntil = old.freshUntil
  windows.long = carryLongWindow(old.long, newPlan)
  return windows
}

function carryProbe(old: AgentWindows, from: number, next: AgentWindows, to: number): void {
  for (const column of ['hasPast', 'state', 'since', 'goodAt', 'compared', 'comparedSince'] as const) {
    next[column][to] = old[column][from] as number
  }
  next.paces.pace[to] = old.paces.pace[from] as number
  next.paces.usual[to] = old.paces.usual[from] as number
  next.answers[to] = old.answers[from] as readonly string[]
  const ttl = old.ttls.get(from)
  if (ttl !== undefined) next.ttls.set(to, ttl)
  const error = old.errors.get(from)
  if (error !== undefined) next.errors.set(to, error)
  const held = old.held.get(from)
  if (held !== undefined) next.held.set(to, held)
  next.samples.count[to] = old.samples.count[from] as number
  const { size } = old.samples
  for (const column of ['takenAt', 'judgement', 'outcome', 'rcode', 'microseconds'] as const) {
    next.samples[column].set(old.samples[column].subarray(from * size, (from + 1) * size), to * size)
  }
}
