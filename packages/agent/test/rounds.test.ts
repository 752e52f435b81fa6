import { judge, type Observation, observationOf, type Plan } from '@oddnode/protocol'
import fc from 'fast-check'
import t from 'tap'
import { type FinishedRound, startRounds } from '../src/rounds.ts'
import { planOf, target } from './plans.ts'
import { seeded, virtualTime } from './virtual-time.ts'

const good = (rcode: number) => ({
  observation: observationOf('answered', { rcode, seconds: 0.0004, socket: 'connected' }),
  lasts: 0.0004,
})
const timeout = { observation: observationOf('timeout', { socket: 'connected' }), lasts: 6 }
const refused = { observation: observationOf('refused', { socket: 'connected', error: 'ECONNREFUSED' }), lasts: 0.0002 }
const servfail = { observation: observationOf('answered', { rcode: 2, seconds: 1.9, socket: 'connected' }), lasts: 1.9 }

type Reply = { observation: Observation; lasts: number }
type Answer = (plan: Plan, probe: number, at: number) => Reply

/** What a healthy server says to each question. */
const healthy: Answer = ({ probes }, probe) =>
  good(['missing', 'invalid'].includes(probes[probe]?.question ?? '') ? 3 : 0)

/** Rounds in virtual time: what was sent when, and what was handed over when. */
function simulate(plan: Plan, answer: Answer, seed = 1) {
  const time = virtualTime(1000)
  const sent: { probe: number; at: number; over: number; turn: number }[] = []
  const handed: (FinishedRound & { at: number })[] = []
  let seen = 0
  const rounds = startRounds(plan, {
    ask: (asked, probe, turn) => {
      const { observation, lasts } = answer(asked, probe, time.now())
      sent.push({ probe, at: time.now(), over: time.now() + lasts, turn })
      return new Promise((resolve) => void time.after(lasts, () => resolve(observation)))
    },
    onSample: () => seen++,
    onRound: (round) => handed.push({ ...round, at: time.now() }),
    time,
    random: seeded(seed),
  })
  return { time, rounds, sent, handed, seen: () => seen }
}

const regular = <T extends FinishedRound>(handed: readonly T[]) => handed.filter(({ kind }) => kind === 'regular')
const everyRound = (plan: Plan) =>
  plan.probes.flatMap((probe, i) => (probe.everySeconds === 0 && !probe.onlyAfterTruncation ? [i] : []))

t.test('every probe of every round is asked once a round, and no round overlaps the next', async (t) => {
  const plan = planOf()
  const { time, sent, handed } = simulate(plan, healthy)
  await time.advance(600)
  const rounds = regular(handed)
  t.ok(rounds.length >= 35 && rounds.length <= 50, `${rounds.length} rounds in 600 s`)
  for (const probe of everyRound(plan)) {
    t.ok(rounds.every(({ samples }) => samples.filter((sample) => sample.probe === probe).length === 1))
  }
  const sendTimes = sent.map(({ at }) => at)
  for (const [i, { at }] of rounds.entries()) {
    const before = rounds[i - 1]?.at ?? 0
    const own = sendTimes.filter((sentAt) => sentAt > before && sentAt <= at)
    t.ok(Math.max(...own) - Math.min(...own) <= 18)
  }
})

t.test('a dead server makes no round overlap the next either', async (t) => {
  const { time, sent, handed } = simulate(planOf({ intervalSeconds: 5 }), () => timeout)
  await time.advance(400)
  // By then all is decided, and nothing is asked but by rounds.
  const decided = regular(handed).filter(({ at }) => at > 1200)
  t.ok(decided.length > 10)
  for (const { at } of decided) {
    t.notOk(
      sent.some((query) => query.at < at - 1e-9 && query.over > at + 1e-9),
      'nothing is under way at its end',
    )
  }
})

t.test('never a burst: send times of a round are spread, also after the process stood still', async (t) => {
  const plan = planOf()
  const { time, sent } = simulate(plan, healthy)
  await time.advance(1200)
  const gaps = sent.slice(1).map(({ at }, i) => at - (sent[i]?.at ?? 0))
  const close = gaps.filter((gap) => gap < 0.01).length
  t.ok(close / gaps.length < 0.1, `${close} of ${gaps.length} within 10 ms`)
  for (let i = 0; i + 10 < sent.length; i++) t.ok((sent[i + 10]?.at ?? 0) - (sent[i]?.at ?? 0) > 0.5)
})

t.test('after a pause of the process the rest of the round catches up at twice the pace, not at once', async (t) => {
  const time = virtualTime(1000)
  let skipped = 0
  const sent: number[] = []
  const paused = { ...time, now: () => time.now() + skipped }
  startRounds(planOf(), {
    ask: async () => {
      sent.push(time.now())
      return healthy(planOf(), 0, 0).observation
    },
    onSample: () => undefined,
    onRound: () => undefined,
    time: paused,
    random: seeded(3),
  })
  await time.advance(5)
  skipped = 60
  const before = sent.length
  await time.advance(0.5)
  t.ok(sent.length - before <= 8, `${sent.length - before} in the half second after it`)
})

t.test('agents that start together ask at different times', async (t) => {
  const first = async (seed: number) => {
    const { time, sent } = simulate(planOf(), healthy, seed)
    await time.advance(20)
    return sent[0]?.at
  }
  const starts = await Promise.all([1, 2, 3, 4, 5].map(first))
  t.equal(new Set(starts).size, 5)
})

t.test('a plan without probes is still a sign of life in each round', async (t) => {
  const { time, handed } = simulate(planOf({ targets: [] }), healthy)
  await time.advance(60)
  t.ok(handed.length >= 2 && handed.length <= 5)
  t.ok(handed.every(({ samples }) => samples.length === 0))
})

/** Seconds from a fault until the aggregator has what it decides by: `count` samples of this kind in a row, over `spread` seconds. */
function decidedAfter(
  sim: ReturnType<typeof simulate>,
  probe: number,
  from: number,
  is: 'good' | 'bad',
  spread: number,
) {
  const asked = probeOf(sim.handed, probe)
  const samples = sim.handed
    .flatMap((round) =>
      round.samples
        .filter((sample) => sample.probe === probe)
        .map((sample) => ({ ...sample, sentAt: round.endedAt - sample.ageSeconds, arrivedAt: round.at })),
    )
    .sort((a, b) => a.sentAt - b.sentAt)
    .filter((sample) => judge(asked, sample.observation) === is && sample.sentAt >= from)
  const first = samples[0]?.sentAt ?? Number.POSITIVE_INFINITY
  const decisive = samples.findIndex((sample, i) => i >= 2 && sample.sentAt - first >= spread)
  return Math.max(...samples.slice(0, decisive + 1).map(({ arrivedAt }) => arrivedAt)) - from
}

const probeOf = (handed: readonly FinishedRound[], probe: number) => {
  const planned = handed[0]?.plan.probes[probe]
  if (!planned) throw new Error(`no probe ${probe}`)
  return planned
}

t.test('suspicion: a hard fault is decided within 40 s at worst, its end within 55 s', async (t) => {
  const plan = planOf()
  let slowest = 0
  let slowestEnd = 0
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.double({ min: 0, max: 40, noNaN: true }),
      fc.constantFrom(timeout, refused, servfail),
      fc.boolean(),
      async (seed, delay, fault, all) => {
        const brokenAt = 1060 + delay
        const repairedAt = brokenAt + 90
        const broken = (probe: number) => all || plan.probes[probe]?.target === 3
        const sim = simulate(
          plan,
          (asked, probe, at) =>
            broken(probe) && at >= brokenAt && at < repairedAt ? fault : healthy(asked, probe, at),
          seed,
        )
        await sim.time.advance(repairedAt + 70 - 1000)
        for (const probe of everyRound(plan).filter(broken)) {
          slowest = Math.max(slowest, decidedAfter(sim, probe, brokenAt, 'bad', 10))
          slowestEnd = Math.max(slowestEnd, decidedAfter(sim, probe, repairedAt, 'good', 0))
        }
        sim.rounds.stop()
      },
    ),
    { numRuns: 60 },
  )
  t.ok(slowest <= 40, `told after ${slowest.toFixed(1)} s at worst`)
  t.ok(slowestEnd <= 55, `gone after ${slowestEnd.toFixed(1)} s at worst`)
  t.comment(`worst case: told after ${slowest.toFixed(1)} s, gone after ${slowestEnd.toFixed(1)} s`)
})

t.test('suspicion: a rare probe of the same target does not wait for its turn', async (t) => {
  const plan = planOf()
  const rare = plan.probes.findIndex(
    ({ target, question, transport }) => target === 3 && question === 'soa' && transport === 'udp',
  )
  const sim = simulate(plan, (asked, probe, at) =>
    asked.probes[probe]?.target === 3 && at >= 1200 ? refused : healthy(asked, probe, at),
  )
  await sim.time.advance(260)
  t.ok(decidedAfter(sim, rare, 1200, 'bad', 10) <= 40)
})

t.test('never retry harder: a probe that stays bad is asked once a round', async (t) => {
  const plan = planOf({ targets: [target('10.244.1.2')] })
  const sim = simulate(plan, () => refused)
  await sim.time.advance(600)
  const late = sim.sent.filter(({ at, probe }) => at > 1300 && plan.probes[probe]?.everySeconds === 0)
  const rounds = regular(sim.handed).filter(({ at }) => at > 1300).length
  t.ok(Math.abs(late.length - rounds * everyRound(plan).length) <= everyRound(plan).length)
})

t.test('never retry harder: a twin that goes on doubting a target has it asked once in half a minute', async (t) => {
  const plan = planOf({ targets: [target('10.244.1.2')] })
  const doubted = simulate(plan, healthy)
  for (let i = 0; i < 120; i++) {
    doubted.rounds.askTargets([0])
    await doubted.time.advance(0.5)
  }
  const alone = simulate(plan, healthy)
  await alone.time.advance(60)
  const more = doubted.sent.length - alone.sent.length
  t.ok(more > 0 && more <= 2 * plan.probes.length, `${more} more queries in a minute`)
})

t.test('held back for half a minute it asks only what is due, and then what failed again', async (t) => {
  const plan = planOf({ targets: [target('10.244.1.2')] })
  const free = simulate(plan, () => refused)
  const held = simulate(plan, () => refused)
  for (let second = 0; second < 60; second++) {
    held.rounds.holdBack()
    held.rounds.askTargets([0])
    await held.time.advance(1)
  }
  await free.time.advance(60)
  const rounds = regular(held.handed).length + 1
  t.ok(held.sent.length <= rounds * everyRound(plan).length + plan.probes.length, `${held.sent.length} queries`)
  t.ok(free.sent.length > 1.5 * held.sent.length, `${free.sent.length} where nobody holds back`)
  const before = held.sent.length
  await held.time.advance(31)
  held.rounds.askTargets([0])
  await held.time.advance(2)
  t.ok(held.sent.length - before > everyRound(plan).length)
})

t.test('a probe is never under way twice', async (t) => {
  const sim = simulate(planOf(), (asked, probe, at) => (at > 1050 && at < 1130 ? timeout : healthy(asked, probe, at)))
  for (let i = 0; i < 20; i++) {
    sim.rounds.askTargets([0, 1, 2, 3])
    await sim.time.advance(10)
  }
  const byProbe = Map.groupBy(sim.sent, ({ probe }) => probe)
  for (const queries of byProbe.values()) {
    t.ok(queries.every(({ at }, i) => at >= (queries[i - 1]?.over ?? 0)))
  }
})

t.test('stop hands over what was not, and sends nothing more', async (t) => {
  const sim = simulate(planOf(), healthy)
  await sim.time.advance(5)
  const rest = sim.rounds.stop()
  t.ok(rest.samples.length > 0)
  const before = { sent: sim.sent.length, handed: sim.handed.length, seen: sim.seen() }
  await sim.time.advance(60)
  t.strictSame({ sent: sim.sent.length, handed: sim.handed.length, seen: sim.seen() }, before)
})

t.test('a stop while the last answers are awaited hands over no round afterwards', async (t) => {
  const sim = simulate(planOf(), () => timeout)
  await sim.time.advance(13)
  sim.rounds.stop()
  const before = sim.handed.length
  await sim.time.advance(60)
  t.equal(sim.handed.length, before)
})

t.test('trap 9: ask each endpoint: one dead of ten has its three bad samples in five rounds', async (t) => {
  const plan = planOf({ targets: Array.from({ length: 10 }, (_, pod) => target(`10.244.${pod}.2`)) })
  const sim = simulate(plan, (asked, probe, at) =>
    asked.probes[probe]?.target === 7 ? refused : healthy(asked, probe, at),
  )
  await sim.time.advance(75)
  const samples = sim.handed.flatMap((round) => round.samples)
  const bad = samples.filter(({ observation }) => observation.outcome === 'refused')
  t.ok(bad.length >= 3 && bad.every(({ probe }) => plan.probes[probe]?.target === 7))
  t.equal(new Set(samples.map(({ probe }) => plan.probes[probe]?.target)).size, 10)
})
