import type { ClockOutcome, ClockSample, Facts, Plan, Round } from '@oddnode/protocol'
import { certainSeconds } from './clock-offsets.ts'
import type { ClockReading, ClockTry, FleetAgent } from './fleet.ts'
import { createOffsetHistory, keepOffset, type OffsetHistory } from './offset-history.ts'
import { paceOf } from './pace-of-rounds.ts'

/** What is kept of an agent's clock besides the last reading of each reference: bounded, and kept up to date as rounds come in. */
export type ClockMemory = {
  /** The last reading against the aggregator; null without one that was answered. */
  aggregator: ClockReading | null
  /** How far the clock is off beyond doubt, by the NTP server that says the most; 0 where none says anything. */
  mostByNtpSeconds: number
  /** How far the outermost two NTP servers are apart. */
  ntpApartSeconds: number
  /** A server that was asked last gave no time. */
  hasNtpTrouble: boolean
  /** The last steps of the clock, oldest first. */
  steps: readonly ClockStep[]
  /** By `aggregator`, or by the address of an NTP server. */
  history: Map<string, OffsetHistory>
  /** Since when nothing is known to keep the clock right; null while something is, or where nothing is known. */
  unsynchronisedSince: number | null
}

/** A step of the wall clock. */
export type ClockStep = {
  /** When, on the aggregator's clock. */
  at: number
  /** + = it jumped ahead. */
  seconds: number
  /** The machine slept for as long. */
  asleep: boolean
}

/** More than a plan names, and as many as a push carries: references of plans gone by make way. */
const MOST_REFERENCES = 32
const MOST_STEPS = 8
/** Tries of an NTP server that are kept. */
const MOST_TRIES = 3
/** The first servers of a plan have a history; more would tell the same. */
const SERVERS_WITH_HISTORY = 2
/** RFC 5905 appendix A.1.1: MAXDISP. A clock that may be off by this much is kept by nobody. */
const MOST_ERROR_SECONDS = 16

/** @param clocks what is known already, after a restart */
export function createClockMemory(clocks: readonly ClockReading[] = []): ClockMemory {
  return {
    ...summaryOf(clocks),
    steps: [],
    history: new Map(),
    unsynchronisedSince: null,
  }
}

/**
 * Keeps the newest reading of each reference, and what follows from it.
 * @returns whether somebody gave no time, or another answer than before: then the node is worth a look
 */
export function takeClocks(agent: FleetAgent, samples: readonly ClockSample[], takenAt: number): boolean {
  if (samples.length === 0) return false
  let isNews = false
  for (const sample of samples) {
    isNews = takeClock(agent, sample, takenAt) || isNews
    rememberOffset(agent, sample, takenAt)
  }
  if (agent.clocks.length > MOST_REFERENCES) {
    agent.clocks = agent.clocks.toSorted((a, b) => b.takenAt - a.takenAt).slice(0, MOST_REFERENCES)
  }
  agent.clocks.sort((a, b) => compare(referenceOf(a.sample), referenceOf(b.sample)))
  Object.assign(agent.clockMemory, summaryOf(agent.clocks))
  return isNews
}

function takeClock(agent: FleetAgent, sample: ClockSample, takenAt: number): boolean {
  const same = agent.clocks.findIndex(({ sample: { reference } }) => sameReference(reference, sample.reference))
  const known = agent.clocks[same]
  const newest = known === undefined || known.takenAt <= takenAt ? { sample, takenAt } : known
  const reading: ClockReading =
    sample.reference.kind === 'ntp' ? { ...newest, tries: triesWith(known?.tries ?? [], sample, takenAt) } : newest
  if (known === undefined) agent.clocks.push(reading)
  else agent.clocks[same] = reading
  return sample.outcome !== 'answered' || (known !== undefined && known.sample.outcome !== 'answered')
}

function triesWith(tries: readonly ClockTry[], { outcome }: ClockSample, takenAt: number): ClockTry[] {
  return [...tries, { takenAt, outcome }].sort((a, b) => a.takenAt - b.takenAt).slice(-MOST_TRIES)
}

function summaryOf(clocks: readonly ClockReading[]) {
  let aggregator: ClockReading | null = null
  let mostByNtpSeconds = 0
  let least = Infinity
  let most = -Infinity
  let hasNtpTrouble = false
  for (const reading of clocks) {
    const { outcome, offsetSeconds, uncertaintySeconds, reference, error } = reading.sample
    const isAnswered = outcome === 'answered' && offsetSeconds !== null && uncertaintySeconds !== null
    if (reference.kind === 'aggregator') {
      if (isAnswered) aggregator = reading
      continue
    }
    if (!isAnswered || error !== undefined) hasNtpTrouble = true
    if (!isAnswered) continue
    mostByNtpSeconds = Math.max(mostByNtpSeconds, certainSeconds({ offsetSeconds, uncertaintySeconds }))
    least = Math.min(least, offsetSeconds)
    most = Math.max(most, offsetSeconds)
  }
  return { aggregator, mostByNtpSeconds, ntpApartSeconds: Math.max(0, most - least), hasNtpTrouble }
}

function rememberOffset({ clockMemory, plan, vantage }: FleetAgent, sample: ClockSample, takenAt: number): void {
  const { outcome, offsetSeconds, uncertaintySeconds, reference } = sample
  if (outcome !== 'answered' || offsetSeconds === null || uncertaintySeconds === null) return
  const key = reference.kind === 'aggregator' ? 'aggregator' : reference.address
  // A pod asks NTP too seldom for a slope.
  if (key !== 'aggregator' && (vantage === 'pod' || !historyServers(plan).includes(key))) return
  const history = clockMemory.history.get(key) ?? createOffsetHistory()
  clockMemory.history.set(key, history)
  keepOffset(history, { takenAt, offsetSeconds, uncertaintySeconds }, paceOf(plan))
}

/** The NTP servers of which there is a history. */
export const historyServers = ({ ntp }: Plan): string[] =>
  ntp.slice(0, SERVERS_WITH_HISTORY).map(({ address }) => address)

/** Puts the steps of a round beside those that are known. @returns whether there were any */
export function takeSteps({ clockMemory }: FleetAgent, steps: Round['clockSteps'], endedAt: number): boolean {
  if (steps === undefined || steps.length === 0) return false
  const fresh = steps.map(({ ageSeconds, seconds, asleep }) => ({ at: endedAt - ageSeconds, seconds, asleep }))
  clockMemory.steps = [...clockMemory.steps, ...fresh]
    .sort((a, b) => a.at - b.at || a.seconds - b.seconds)
    .slice(-MOST_STEPS)
  return true
}

/** Notes since when nothing keeps the clock right. @param at when the facts were read, on the aggregator's clock */
export function noteTimeKeeping({ clockMemory }: FleetAgent, { timeKeeping }: Facts, at: number): void {
  clockMemory.unsynchronisedSince = isUnsynchronised(timeKeeping) ? (clockMemory.unsynchronisedSince ?? at) : null
}

/** The daemon says that it does not keep the clock, or that the clock may be off by any amount. */
export const isUnsynchronised = (keeping: Facts['timeKeeping']): boolean =>
  keeping?.synchronised === false || (keeping?.maxErrorSeconds ?? 0) >= MOST_ERROR_SECONDS

/** No word came from the server. */
export const isNtpSilence = (outcome: ClockOutcome): boolean =>
  outcome === 'timeout' || outcome === 'refused' || outcome === 'unreachable' || outcome === 'denied'

const referenceOf = (sample: ClockSample): string => `${sample.reference.kind} ${sample.reference.address}`
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** There is one aggregator, whatever address it was pushed to. */
function sameReference(a: ClockSample['reference'], b: ClockSample['reference']): boolean {
  return a.kind === b.kind && (a.kind === 'aggregator' || a.address === b.address)
}
