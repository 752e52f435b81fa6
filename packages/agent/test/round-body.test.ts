import { decodeSamples, observationOf, type Round } from '@oddnode/protocol'
import { Round as RoundSchema } from '@oddnode/protocol/schema'
import t from 'tap'
import { Value } from 'typebox/value'
import { bufferedRound, pushBody } from '../src/round-body.ts'
import { planOf } from './plans.ts'

const plan = planOf()
const sample = {
  probe: 2,
  ageSeconds: 1.5,
  observation: observationOf('answered', { rcode: 0, seconds: 0.001 }),
}
const content = {
  plan,
  samples: [sample],
  endedAt: 77,
  version: '0.1.0',
  kind: 'regular' as const,
  clock: [],
  clockSteps: [],
  facts: undefined,
}

t.test('a body is a round of the schema, with what changes from push to push', async (t) => {
  const round = bufferedRound(5, content)
  t.match(round, { counter: 5, endedAt: 77, planId: plan.id })
  const body = JSON.parse(pushBody(round, { ageSeconds: 3.5, droppedRounds: 2 })) as Round
  t.ok(Value.Check(RoundSchema, body))
  t.match(body, { ageSeconds: 3.5, droppedRounds: 2, plan: plan.id, kind: 'regular', version: '0.1.0' })
  t.strictSame(decodeSamples(body, plan.probes.length), [sample])
  t.notOk('clock' in body || 'clockSteps' in body || 'facts' in body || 'planBody' in body)
})

t.test('with the plan, clock samples and facts', async (t) => {
  const clock = [
    {
      reference: { kind: 'ntp' as const, address: '192.0.2.1' },
      outcome: 'timeout' as const,
      offsetSeconds: null,
      uncertaintySeconds: null,
      delaySeconds: null,
    },
  ]
  const facts = { localAddresses: ['169.254.20.10'] }
  const body = JSON.parse(
    pushBody(bufferedRound(0, { ...content, clock, facts }), { ageSeconds: 0, droppedRounds: 0, planBody: plan }),
  ) as Round
  t.ok(Value.Check(RoundSchema, body))
  t.match(body, { clock, facts, planBody: { id: plan.id } })
})

t.test('clock steps have the age that they had at the end of the round', async (t) => {
  const clockSteps = [
    { at: 70, seconds: -94, asleep: false },
    { at: 77.5, seconds: 60, asleep: true },
  ]
  const body = JSON.parse(
    pushBody(bufferedRound(0, { ...content, clockSteps }), { ageSeconds: 0, droppedRounds: 0 }),
  ) as Round
  t.ok(Value.Check(RoundSchema, body))
  t.strictSame(body.clockSteps, [
    { ageSeconds: 7, seconds: -94, asleep: false },
    { ageSeconds: 0, seconds: 60, asleep: true },
  ])
})
