import { type ClockSample, type Facts, observationOf } from '@oddnode/protocol'
import t from 'tap'
import { createOutbox } from '../src/outbox.ts'
import { pushBody } from '../src/round-body.ts'
import { createBuffer } from '../src/round-buffer.ts'
import { planOf } from './plans.ts'

const round = { kind: 'regular' as const, plan: planOf(), samples: [], endedAt: 7 }
const clockOf = (offsetSeconds: number): ClockSample => ({
  reference: { kind: 'ntp', address: '192.0.2.9' },
  outcome: 'answered',
  offsetSeconds,
  uncertaintySeconds: 0,
  delaySeconds: 0,
})

function setUp(limit = 10) {
  const buffer = createBuffer(limit)
  const facts: { changed: Facts | undefined; forgotten: number } = { changed: undefined, forgotten: 0 }
  const outbox = createOutbox({
    buffer,
    facts: { takeChanged: () => facts.changed, forget: () => facts.forgotten++ },
    version: '0.1.0',
  })
  const bodies = () =>
    buffer.rounds.map((waiting) => JSON.parse(pushBody(waiting, { ageSeconds: 0, droppedRounds: 0 })))
  return { outbox, buffer, facts, bodies }
}

t.test('numbers rounds from 0, and is ready after the first regular one', async (t) => {
  const { outbox, buffer } = setUp()
  outbox.addRound(round, 'suspicion')
  t.notOk(outbox.isReady())
  outbox.addRound(round, 'regular')
  t.ok(outbox.isReady())
  t.strictSame(
    buffer.rounds.map(({ counter }) => counter),
    [0, 1],
  )
})

t.test('a round takes the clock samples that came meanwhile, the newest 32', async (t) => {
  const { outbox, bodies } = setUp()
  for (let i = 0; i < 40; i++) outbox.addClock(clockOf(i))
  outbox.addRound(round, 'suspicion')
  outbox.addRound(round, 'regular')
  const [first, second] = bodies()
  t.strictSame(
    first.clock.map(({ offsetSeconds }: ClockSample) => offsetSeconds),
    Array.from({ length: 32 }, (_, i) => i + 8),
  )
  t.equal(second.clock, undefined)
})

t.test('a round takes the clock steps that came meanwhile, the newest 16', async (t) => {
  const { outbox, bodies } = setUp()
  for (let i = 0; i < 20; i++) outbox.addClockStep({ at: 5, seconds: i, asleep: false })
  outbox.addRound(round, 'suspicion')
  outbox.addRound(round, 'regular')
  const [first, second] = bodies()
  t.match(first.clockSteps, { length: 16, 0: { seconds: 4, ageSeconds: 2 } })
  t.equal(second.clockSteps, undefined)
})

t.test('facts go with regular rounds, and again after one of them was dropped', async (t) => {
  const { outbox, bodies, facts } = setUp(2)
  facts.changed = { localAddresses: ['169.254.20.10'] }
  outbox.addRound(round, 'suspicion')
  outbox.addRound(round, 'regular')
  t.strictSame(
    bodies().map((body) => body.facts),
    [undefined, facts.changed],
  )
  t.equal(facts.forgotten, 0)
  outbox.addRound(round, 'goodbye')
  t.equal(facts.forgotten, 1)
})

t.test('a round with more answers than an aggregator takes at once is several, and a goodbye the last', async (t) => {
  const { outbox, bodies } = setUp(40)
  const answers = (probe: number) => Array.from({ length: 200 }, (_, i) => `${probe} ${i} ${'x'.repeat(60)}`)
  const samples = Array.from({ length: 60 }, (_, probe) => ({
    probe,
    ageSeconds: 1,
    observation: observationOf('answered', { rcode: 0, answers: answers(probe) }),
  }))
  outbox.addClock(clockOf(1))
  outbox.addRound({ ...round, samples }, 'goodbye')
  const pushed = bodies()
  t.ok(pushed.length > 10 && pushed.every((body) => JSON.stringify(body).length < 131_072))
  t.strictSame(
    pushed.flatMap((body) => body.samples.probe),
    samples.map(({ probe }) => probe),
  )
  t.strictSame([...new Set(pushed.slice(0, -1).map(({ kind }) => kind)), pushed.at(-1).kind], ['regular', 'goodbye'])
  t.equal(pushed.flatMap(({ clock }) => clock ?? []).length, 1)
})
