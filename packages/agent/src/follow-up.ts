import { isTwin, judge, type Observation, type Plan } from '@oddnode/protocol'
import type { Random } from './spread.ts'
import { createSuspects } from './suspects.ts'
import type { Time } from './time.ts'

/** A sample as it was taken. */
export type Taken = {
  /** Index into the plan's `probes`. */
  probe: number
  /** Monotonic seconds. */
  sentAt: number
  observation: Observation
}

export type FollowUpContext = {
  /** Asks a probe; null where the rounds stopped meanwhile. */
  ask: (probe: number) => Promise<Taken | null>
  isInFlight: (probe: number) => boolean
  /** The aggregator asked for nothing to be asked out of turn. */
  isHeldBack: () => boolean
  /** Samples that do not wait for the end of a round. */
  onUrgent: (samples: Taken[]) => void
  time: Time
  random: Random
}

export type FollowUp = {
  /** @returns whether the sample is news, and is handed over without waiting for its round */
  follow: (taken: Taken) => boolean
  /** Neither in flight nor under suspicion: a probe is never asked twice at a time. */
  isFree: (probe: number) => boolean
  /** Asks these now, one after the other, as far as they are free. */
  askNow: (probes: readonly number[]) => void
  /** Takes the samples that were not handed over yet. */
  take: () => Taken[]
}

/** Urgent samples that come within this time are handed over together: a dead server is one push, not ten. */
const HAND_OVER_SECONDS = 0.25
/** What is asked because of a sample waits for the answer to its push, which may hold it back: this long, or a fifth of the suspicion. */
const ANSWER_SECONDS = 1
/** Between two probes that are asked at once. */
const STAGGER_SECONDS = 0.1

/** What follows from a sample: a truncated answer is asked again over TCP, a suspicious one until it is decided. */
export function createFollowUp(plan: Plan, context: FollowUpContext): FollowUp {
  const { time, random, isInFlight, isHeldBack } = context
  const suspects = createSuspects(plan)
  const answerSeconds = Math.min(ANSWER_SECONDS, plan.suspicionSeconds / 5)
  let urgent: Taken[] = []
  const isFree = (probe: number) => !isInFlight(probe) && !suspects.has(probe)

  function follow(taken: Taken): boolean {
    const { probe, sentAt, observation } = taken
    const planned = plan.probes[probe]
    if (!planned) return false
    if (observation.outcome === 'truncated') askNow(tcpTwin(plan, probe))
    const judgement = judge(planned, observation, plan.targets[planned.target]?.role)
    const { news, again, others } = suspects.settle(probe, judgement, sentAt)
    if (again) time.after(Math.max(0, againAt(taken) - time.now()), () => askAgain(probe))
    if (others.length > 0) time.after(answerSeconds, () => (isHeldBack() ? undefined : askNow(others)))
    if (news) handSoon(taken)
    return news
  }

  /** More than a period after the answer: a cache keeps a SERVFAIL for 5 s, and one SERVFAIL is one bad sample (RFC 2308 section 7.1). */
  function againAt({ sentAt, observation: { seconds, connectSeconds } }: Taken): number {
    return sentAt + (connectSeconds ?? 0) + (seconds ?? 0) + plan.suspicionSeconds * (1.05 + 0.05 * random())
  }

  function askAgain(probe: number) {
    if (isHeldBack()) suspects.letGo(probe)
    else askUrgently(probe)
  }

  function askUrgently(probe: number) {
    void context.ask(probe).then((taken) => {
      if (taken && !follow(taken)) handSoon(taken)
    })
  }

  function askNow(probes: readonly number[]) {
    for (const [i, probe] of probes.entries()) {
      time.after(STAGGER_SECONDS * (i + random()), () => {
        if (isFree(probe)) askUrgently(probe)
      })
    }
  }

  function handSoon(taken: Taken) {
    urgent.push(taken)
    if (urgent.length === 1) time.after(HAND_OVER_SECONDS, () => context.onUrgent(take()))
  }

  function take(): Taken[] {
    const samples = urgent
    urgent = []
    return samples
  }

  return { follow, isFree, askNow, take }
}

/** The probe that asks the same over TCP (RFC 7766 section 5), if the plan has it. */
function tcpTwin({ probes }: Plan, udp: number): number[] {
  const asked = probes[udp]
  const twin = asked ? probes.findIndex((probe) => isTwin(asked, probe)) : -1
  return twin >= 0 ? [twin] : []
}
