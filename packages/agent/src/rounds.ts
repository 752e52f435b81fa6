import type { Observation, Plan, Sample } from '@oddnode/protocol'
import { type AskProbe, createAsker } from './asker.ts'
import { firstDue, takeDue } from './due.ts'
import { createFollowUp, type Taken } from './follow-up.ts'
import { type Random, randomOrder, roundSeconds, sendOffsets } from './spread.ts'
import { stoppable, type Time, wait } from './time.ts'

/** What was seen since the last hand-over; ages count to `endedAt`. */
export type FinishedRound = {
  kind: 'regular' | 'suspicion'
  plan: Plan
  samples: Sample[]
  /** Monotonic seconds. */
  endedAt: number
}

export type RoundsContext = {
  ask: AskProbe
  onSample: (plan: Plan, probe: number, observation: Observation) => void
  onRound: (round: FinishedRound) => void
  time: Time
  random: Random
}

export type Rounds = {
  /** Asks every probe of these targets now, as far as that was not done lately: the twin vantage suspects them. */
  askTargets: (targets: readonly number[]) => void
  /** Asks only what is due for half a minute: too many nodes ask again what failed. */
  holdBack: () => void
  /** Sends nothing more, ignores what is still under way, and gives what was not handed over. */
  stop: () => FinishedRound
}

/** As long as an aggregator passes a doubt on: it comes with the answer to every push meanwhile, and each answer asked for is pushed. */
const TWIN_DOUBT_SECONDS = 30
const HOLD_BACK_SECONDS = 30

/** Agents that start together, as after a roll-out, begin their first rounds apart. */
const LATEST_START_SECONDS = 3

/**
 * Goes round the probes of one plan until stopped. Samples are handed over when their round is over, those under suspicion as they come.
 * No round begins before the last one has ended.
 */
export function startRounds(plan: Plan, context: RoundsContext): Rounds {
  const { random } = context
  const time = stoppable(context.time)
  const order = randomOrder(plan.probes.length, random)
  const asker = createAsker(plan, context.ask, time.now)
  let due = firstDue(plan, time.now(), random)
  let round: Taken[] = []
  let stopped = false
  let heldBackUntil = -Infinity
  const isHeldBack = () => time.now() < heldBackUntil
  /** Target → when the twin's doubt had it asked. */
  const doubtedAt = new Map<number, number>()

  const followUp = createFollowUp(plan, {
    ask,
    isInFlight: asker.isInFlight,
    isHeldBack,
    onUrgent: (samples) => context.onRound(finished('suspicion', samples)),
    time,
    random,
  })

  /** @returns null if the rounds stopped meanwhile: what it saw then is not the target's doing */
  async function ask(probe: number): Promise<Taken | null> {
    const taken = await asker.ask(probe)
    if (stopped) return null
    context.onSample(plan, probe, taken.observation)
    return taken
  }

  async function askRegularly(probe: number): Promise<void> {
    const taken = await ask(probe)
    if (taken && !followUp.follow(taken)) round.push(taken)
  }

  async function goRound(): Promise<void> {
    const startedAt = time.now()
    const lengthSeconds = roundSeconds(plan.intervalSeconds, random)
    const asked = await askSpread(takeDueNow(), startedAt, lengthSeconds)
    await Promise.all(asked)
    if (stopped) return
    const endsAt = startedAt + lengthSeconds
    // A round that asked nothing is still a sign of life, at its end.
    if (asked.length === 0) await wait(time, Math.max(0, endsAt - time.now()))
    context.onRound(finished('regular', takeRound()))
    await wait(time, Math.max(0, endsAt - time.now()))
  }

  function takeDueNow(): number[] {
    const taken = takeDue(plan, due, time.now())
    due = taken.next
    const dueNow = new Set(taken.probes)
    return order.filter((probe) => dueNow.has(probe))
  }

  /** After a pause of the whole process it catches up at twice the pace: never a burst. */
  async function askSpread(probes: readonly number[], startedAt: number, lengthSeconds: number) {
    const offsets = sendOffsets(probes.length, lengthSeconds, plan.closeSeconds, random)
    const asked: Promise<void>[] = []
    let before = 0
    for (const [i, probe] of probes.entries()) {
      const offset = offsets[i] ?? before
      await wait(time, Math.max(startedAt + offset - time.now(), (offset - before) / 2))
      before = offset
      if (followUp.isFree(probe)) asked.push(askRegularly(probe))
    }
    return asked
  }

  function takeRound(): Taken[] {
    const samples = round
    round = []
    return samples
  }

  function finished(kind: FinishedRound['kind'], samples: readonly Taken[]): FinishedRound {
    const endedAt = time.now()
    return { kind, plan, endedAt, samples: samples.map((taken) => sampleOf(taken, endedAt)) }
  }

  async function run(): Promise<void> {
    await wait(time, random() * Math.min(plan.intervalSeconds / 5, LATEST_START_SECONDS))
    while (!stopped) await goRound()
  }
  void run()

  return {
    holdBack: () => {
      heldBackUntil = time.now() + HOLD_BACK_SECONDS
    },
    askTargets: (targets) => {
      if (isHeldBack()) return
      const fresh = targets.filter((target) => time.now() - (doubtedAt.get(target) ?? -Infinity) >= TWIN_DOUBT_SECONDS)
      for (const target of fresh) doubtedAt.set(target, time.now())
      followUp.askNow(order.filter((probe) => isAskedOf(plan, probe, fresh)))
    },
    stop: () => {
      stopped = true
      time.stop()
      return finished('regular', [...takeRound(), ...followUp.take()])
    },
  }
}

const sampleOf = ({ probe, sentAt, observation }: Taken, endedAt: number): Sample => ({
  probe,
  ageSeconds: endedAt - sentAt,
  observation,
})

function isAskedOf({ probes }: Plan, probe: number, targets: readonly number[]): boolean {
  const planned = probes[probe]
  return planned !== undefined && targets.includes(planned.target) && !planned.onlyAfterTruncation
}
