import { setTimeout as sleep } from 'node:timers/promises'
import { type AskProbe, createAsker } from '@oddnode/agent'
import { isTwin, judge, type Observation, type Plan, type PlannedProbe, type Role } from '@oddnode/protocol'

/** What a probe of the plan saw, in the order of asking; at least once. */
export type Asked = { probe: number; observations: Observation[] }

export type Progress = {
  /** Probes that are decided. */
  done: number
  all: number
  /** Probes that were not answered well, and are being asked again. */
  again: number
}

export type AskPlanContext = {
  ask: AskProbe
  onProgress: (progress: Readonly<Progress>) => void
  /** Ends it: nothing is asked again. What is under way is for `ask` to end. */
  signal: AbortSignal
}

/** A probe that is not answered well is asked so often in all: one lost packet is no dead server. */
const ASKED_WHEN_UNWELL = 3
/** Between two probes: a check is no burst. */
const STAGGER_SECONDS = 0.02
/** Of the suspicion time: more than a cache keeps a SERVFAIL for, and one SERVFAIL is one bad sample (RFC 2308 section 7.1). */
const BEYOND_CACHE = 1.05

/**
 * Asks each probe of a plan once; one that is not answered well, twice again; the TCP twin of one whose answer was cut, too. Never
 * rejects.
 */
export async function askPlan(plan: Plan, { ask, onProgress, signal }: AskPlanContext): Promise<Asked[]> {
  const asker = createAsker(plan, ask, () => performance.now() / 1000)
  const regular = plan.probes.flatMap(({ onlyAfterTruncation }, probe) => (onlyAfterTruncation ? [] : [probe]))
  const progress: Progress = { done: 0, all: regular.length, again: 0 }

  async function askUntilDecided(probe: number): Promise<Asked> {
    const { observation } = await asker.ask(probe)
    const planned = plan.probes[probe]
    const unwell = planned !== undefined && isUnwell(planned, observation, plan.targets[planned.target]?.role)
    const observations = unwell ? [observation, ...(await askAgain(probe, observation))] : [observation]
    progress.done++
    onProgress(progress)
    return { probe, observations }
  }

  async function askAgain(probe: number, first: Observation): Promise<Observation[]> {
    progress.again++
    onProgress(progress)
    const observations = [first]
    while (observations.length < ASKED_WHEN_UNWELL && !signal.aborted) {
      await pause(secondsUntilFresh(plan, observations.at(-1) ?? first), signal)
      if (!signal.aborted) observations.push((await asker.ask(probe)).observation)
    }
    progress.again--
    return observations.slice(1)
  }

  async function askInTurn(probe: number, place: number): Promise<Asked[]> {
    await pause(place * STAGGER_SECONDS, signal)
    const asked = await askUntilDecided(probe)
    const twin = wasCut(asked) ? twinOf(plan, probe) : undefined
    if (twin === undefined) return [asked]
    progress.all++
    return [asked, await askUntilDecided(twin)]
  }

  return (await Promise.all(regular.map(askInTurn))).flat()
}

/** Bad, or right but late. */
export function isUnwell(planned: PlannedProbe, seen: Observation, role?: Role): boolean {
  const judgement = judge(planned, seen, role)
  return judgement === 'bad' || judgement === 'late'
}

/** Whoever answered may have it in a cache; after a silence the wait is over already. */
function secondsUntilFresh({ suspicionSeconds, closeSeconds }: Plan, { outcome }: Observation): number {
  const seconds = suspicionSeconds * BEYOND_CACHE
  return outcome === 'timeout' ? Math.max(0, seconds - closeSeconds) : seconds
}

const wasCut = ({ observations }: Asked): boolean => observations.some(({ outcome }) => outcome === 'truncated')

/** The probe that asks the same over TCP, where it is not asked anyway. */
function twinOf({ probes }: Plan, udp: number): number | undefined {
  const asked = probes[udp]
  const twin = asked ? probes.findIndex((probe) => probe.onlyAfterTruncation && isTwin(asked, probe)) : -1
  return twin >= 0 ? twin : undefined
}

const pause = (seconds: number, signal: AbortSignal): Promise<void> =>
  sleep(seconds * 1000, undefined, { signal }).catch(() => undefined)
