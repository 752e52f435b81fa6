import {
  hasAnswer,
  type Judgement,
  judge,
  type NoDataReason,
  type Outcome,
  type Plan,
  type Sample,
  type State,
  states,
} from '@oddnode/protocol'
import { comparedAnswers, withFrozenTtl } from './answers.ts'
import { inARow, replay } from './hysteresis.ts'
import {
  createKeptSamples,
  evidenceOf,
  judgedSamples,
  type KeptSamples,
  keepSample,
  lastTakenAt,
} from './kept-samples.ts'
import { addToLongWindow, createLongWindow, isLossy, type LongWindow } from './long-window.ts'
import { addPace, createPaces, type Paces } from './pace.ts'
import { sharedList } from './shared-list.ts'
import type { Thresholds } from './thresholds.ts'
import { stays, type TtlRun, tellsOfCache, withTtl } from './ttl-runs.ts'

/**
 * The recent samples of all probes of one agent, and the state of each. Held in typed arrays: an aggregator has 20,000 of these.
 */
export type AgentWindows = {
  /** The plan that the indexes belong to. */
  planId: string
  thresholds: Thresholds
  samples: KeptSamples
  long: LongWindow
  paces: Paces
  /** 1 where there were more samples than those kept: these alone then do not tell since when. */
  hasPast: Uint8Array
  /** Index into `states`. */
  state: Uint8Array
  /** When the probe came into its state; NaN before the first sample. */
  since: Float64Array
  /** When the last good sample was taken, those no longer kept included; −Infinity for never. */
  goodAt: Float64Array
  /** The answer set of the last good sample … */
  answers: (readonly string[])[]
  /** … what of it is compared between nodes (`comparedAnswers`), and when it was first that. */
  compared: Uint32Array
  comparedSince: Float64Array
  /** How the TTL of a cache's answers moves, by probe; only of probes that tell of a cache. */
  ttls: Map<number, TtlRun>
  /** The first error of the current run of bad samples, by probe. */
  errors: Map<number, { takenAt: number; error: string }>
  /** The answer set of the last bad sample that had one, by probe. */
  wrongAnswers: Map<number, readonly string[]>
  /** What was restored and holds until there are fresh samples, by probe. */
  held: Map<number, ProbeState>
  /** No probe becomes stale before this time. */
  freshUntil: number
  /** Grows with every change of a state or of what is compared. */
  revision: number
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
  /** When it came into this state; for failing when the first bad sample was taken. */
  since: number | null
  lastSampleAt: number | null
  /** Bad samples at the end of those kept, without a good one between. */
  badInARow: number
  goodInARow: number
  /** The answer set of the last good sample, sorted; [] if empty. */
  answers: readonly string[]
  /** The first error of the current run of bad samples. */
  error: string | null
  /** The TTL of a cache's answers does not count down; absent where it does, or nobody knows. */
  ttlStays?: true
}

export type StateChange = { probe: number; from: State; to: State; at: number }

const NO_ANSWERS: readonly string[] = []
const NO_DATA = states.indexOf('no-data')
const OK = states.indexOf('ok')
const FAILING = states.indexOf('failing')

/** Windows without a sample: no probe was looked at. */
export function createWindows(plan: Plan, wanted: Thresholds): AgentWindows {
  const thresholds = fitted(wanted, plan)
  const probes = plan.probes.length
  // What hysteresis looks back on: a window before the samples of a recovery.
  const kept = Math.max(thresholds.windowSamples + thresholds.recoverySamples, thresholds.unexplainedRounds)
  // One buffer for all columns: each one costs some 300 octets by itself.
  const buffer = new ArrayBuffer(probes * 30)
  return {
    planId: plan.id,
    thresholds,
    samples: createKeptSamples(probes, kept),
    long: createLongWindow(plan),
    paces: createPaces(probes),
    since: new Float64Array(buffer, 0, probes).fill(Number.NaN),
    goodAt: new Float64Array(buffer, probes * 8, probes).fill(-Infinity),
    comparedSince: new Float64Array(buffer, probes * 16, probes),
    compared: new Uint32Array(buffer, probes * 24, probes),
    hasPast: new Uint8Array(buffer, probes * 28, probes),
    state: new Uint8Array(buffer, probes * 29, probes).fill(NO_DATA),
    answers: Array.from({ length: probes }, () => NO_ANSWERS),
    ttls: new Map(),
    errors: new Map(),
    wrongAnswers: new Map(),
    held: new Map(),
    freshUntil: Infinity,
    revision: 0,
  }
}

/**
 * The spread of bad samples is at most half of what a window covers: in rounds of a second no five samples are ten seconds apart, and
 * nothing could ever fail.
 */
function fitted(thresholds: Thresholds, { intervalSeconds }: Plan): Thresholds {
  const most = ((thresholds.windowSamples - 1) * intervalSeconds) / 2
  return thresholds.failingSpreadSeconds <= most ? thresholds : { ...thresholds, failingSpreadSeconds: most }
}

/**
 * Adds samples into their place in time, whatever the order in which they come. One that is older than all that is kept changes no state.
 * @param endedAt when the round ended, on the aggregator's clock
 */
export function addSamples(
  windows: AgentWindows,
  plan: Plan,
  samples: readonly Sample[],
  endedAt: number,
): StateChange[] {
  const changes: StateChange[] = []
  for (const sample of samples) {
    const takenAt = endedAt - sample.ageSeconds
    const from = windows.state[sample.probe] as number
    addSample(windows, plan, sample, takenAt)
    const to = windows.state[sample.probe] as number
    if (from !== to)
      changes.push({ probe: sample.probe, from: states[from] as State, to: states[to] as State, at: takenAt })
  }
  return changes
}

function addSample(windows: AgentWindows, plan: Plan, sample: Sample, takenAt: number): void {
  const { probe } = sample
  const planned = plan.probes[probe]
  if (planned === undefined) throw new RangeError(`probe ${probe} of a plan with ${plan.probes.length}`)
  const { observation } = sample
  const role = plan.targets[planned.target]?.role
  const judgement = judge(planned, observation, role)
  const wasLossy = isLossy(windows.long)
  addToLongWindow(windows.long, probe, planned.question === 'pair', observation.outcome, takenAt)
  if (isLossy(windows.long) !== wasLossy) windows.revision++
  const full = windows.samples.count[probe] === windows.samples.size
  const place = keepSample(windows.samples, sample, takenAt, judgement)
  const seconds = hasAnswer(observation.outcome) ? observation.seconds : null
  addPace(windows.paces, windows.samples, probe, seconds)
  if (full) windows.hasPast[probe] = 1
  if (judgement === 'good') {
    if (tellsOfCache(planned, role)) rememberTtl(windows, probe, observation.ttl, takenAt)
    rememberGood(windows, planned.question, sample, takenAt)
  }
  if (judgement === 'bad') rememberBad(windows, sample, takenAt, place === -1)
  const isNewest = place === (windows.samples.count[probe] as number) - 1
  windows.freshUntil = Math.min(windows.freshUntil, takenAt + staleAfterSeconds(plan, probe, windows.thresholds))
  // The common case: a good one after good ones.
  if (isNewest && judgement === 'good' && windows.state[probe] === OK && !windows.held.has(probe)) return
  if (place !== -1) decide(windows, probe)
}

/** Works out the state of a probe from what is kept of it. */
function decide(windows: AgentWindows, probe: number): void {
  const held = windows.held.get(probe)
  if (held !== undefined && (windows.samples.count[probe] as number) < windows.thresholds.fewestSamples) return
  windows.held.delete(probe)
  const { state, since } = replay(judgedSamples(windows.samples, probe), windows.thresholds)
  const known = windows.since[probe] as number
  if (windows.state[probe] !== states.indexOf(state)) windows.revision++
  const goesOn = windows.hasPast[probe] === 1 && windows.state[probe] === states.indexOf(state) && since !== null
  windows.state[probe] = states.indexOf(state)
  windows.since[probe] = goesOn && !Number.isNaN(known) ? Math.min(known, since) : (since ?? Number.NaN)
}

function rememberGood(
  windows: AgentWindows,
  question: Parameters<typeof comparedAnswers>[0],
  sample: Sample,
  takenAt: number,
): void {
  const { probe, observation } = sample
  const error = windows.errors.get(probe)
  if (error !== undefined && error.takenAt <= takenAt) windows.errors.delete(probe)
  windows.wrongAnswers.delete(probe)
  if (takenAt < (windows.goodAt[probe] as number)) return
  windows.goodAt[probe] = takenAt
  const isKnown = windows.compared[probe] !== 0 && !windows.ttls.has(probe)
  if (isKnown && sameList(windows.answers[probe] as readonly string[], observation.answers)) return
  const answered = comparedAnswers(question, observation.answers)
  const compared = stays(windows.ttls.get(probe)) ? withFrozenTtl(answered) : answered
  if (compared !== windows.compared[probe]) {
    windows.comparedSince[probe] = takenAt
    windows.revision++
  }
  windows.compared[probe] = compared
  windows.answers[probe] = sharedList(observation.answers)
}

function rememberTtl({ ttls }: AgentWindows, probe: number, ttl: number | null, takenAt: number): void {
  const run = withTtl(ttls.get(probe), ttl, takenAt)
  if (run !== undefined) ttls.set(probe, run)
}

/** A bad sample of a flushed buffer may be older than what is kept, and still be where the current run of bad ones began. */
function rememberBad(windows: AgentWindows, sample: Sample, takenAt: number, isOlder: boolean): void {
  const { probe, observation } = sample
  if (takenAt < (windows.goodAt[probe] as number)) return
  if (observation.answers.length > 0) windows.wrongAnswers.set(probe, observation.answers)
  const known = windows.errors.get(probe)
  if (observation.error !== null && (known === undefined || takenAt < known.takenAt)) {
    windows.errors.set(probe, { takenAt, error: observation.error })
  }
  if (isOlder && windows.state[probe] === FAILING) {
    windows.since[probe] = Math.min(windows.since[probe] as number, takenAt)
  }
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i])
}

/** Turns what became stale by `now` into no-data. */
export function expire(windows: AgentWindows, plan: Plan, now: number): StateChange[] {
  if (now < windows.freshUntil) return []
  const changes: StateChange[] = []
  windows.freshUntil = Infinity
  for (let probe = 0; probe < windows.state.length; probe++) {
    const from = states[windows.state[probe] as number] as State
    if (from === 'no-data') continue
    const lastAt = lastSampleAt(windows, probe)
    // What was restored without the time of a sample has nothing fresh to stand on.
    const staleAt = lastAt === null ? now : lastAt + staleAfterSeconds(plan, probe, windows.thresholds)
    if (now < staleAt) {
      windows.freshUntil = Math.min(windows.freshUntil, staleAt)
      continue
    }
    windows.state[probe] = NO_DATA
    windows.since[probe] = staleAt
    windows.revision++
    changes.push({ probe, from, to: 'no-data', at: staleAt })
  }
  return changes
}

/** Seconds without a sample after which a probe is stale: three of its intervals, at least `staleSeconds`. */
export function staleAfterSeconds(plan: Plan, probe: number, thresholds: Thresholds): number {
  const interval = Math.max(plan.probes[probe]?.everySeconds ?? 0, plan.intervalSeconds)
  return Math.max(thresholds.staleSeconds, 3 * interval)
}

/** The verdict over one probe, with its evidence. */
export function probeState(windows: AgentWindows, probe: number): ProbeState {
  const state = states[windows.state[probe] as number] as State
  const held = windows.held.get(probe)
  if (held !== undefined) return { ...held, state, reason: state === 'no-data' ? (held.reason ?? 'stale') : null }
  const since = windows.since[probe] as number
  const judged = judgedSamples(windows.samples, probe)
  const recent = judged.slice(-windows.thresholds.windowSamples).map((sample) => sample.judgement)
  return {
    state,
    reason: state === 'no-data' ? reasonOf(recent, windows.thresholds) : null,
    ...evidenceOf(windows.samples, probe, windows.thresholds.windowSamples),
    since: Number.isNaN(since) ? null : since,
    lastSampleAt: lastSampleAt(windows, probe),
    badInARow: inARow(judged, 'bad'),
    goodInARow: inARow(judged, 'good'),
    answers: windows.answers[probe] as readonly string[],
    error: windows.errors.get(probe)?.error ?? null,
    ...(stays(windows.ttls.get(probe)) && { ttlStays: true as const }),
  }
}

/** Bad samples at the end of those kept, without a good one between. */
export function badInARow(windows: AgentWindows, probe: number): number {
  return windows.held.get(probe)?.badInARow ?? inARow(judgedSamples(windows.samples, probe), 'bad')
}

/** Good samples at the end of those kept, without a bad one between. */
export function goodInARow(windows: AgentWindows, probe: number): number {
  return windows.held.get(probe)?.goodInARow ?? inARow(judgedSamples(windows.samples, probe), 'good')
}

function reasonOf(recent: readonly Judgement[], thresholds: Thresholds): NoDataReason {
  if (recent.length === 0) return 'not-looked-at'
  if (recent.length < thresholds.fewestSamples) return 'too-few'
  return recent.filter((judgement) => judgement !== 'none').length < thresholds.fewestSamples ? 'inconclusive' : 'stale'
}

function lastSampleAt(windows: AgentWindows, probe: number): number | null {
  return lastTakenAt(windows.samples, probe) ?? windows.held.get(probe)?.lastSampleAt ?? null
}
