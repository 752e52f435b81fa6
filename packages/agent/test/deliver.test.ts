import { anchorWallClock } from '@oddnode/probes'
import { type PushAnswer, UNKNOWN_PLAN } from '@oddnode/protocol'
import t, { type Test } from 'tap'
import { type DeliveryContext, deliver } from '../src/deliver.ts'
import { openConnection } from '../src/push.ts'
import { bufferedRound } from '../src/round-body.ts'
import { type Push, type Reaction, startAggregator } from './aggregator.ts'
import { planOf } from './plans.ts'

const plan = planOf()
const content = {
  plan,
  samples: [],
  endedAt: 100,
  version: '0.1.0',
  kind: 'regular' as const,
  clock: [],
  clockSteps: [],
  facts: undefined,
}
const round = bufferedRound(7, content)
const unknownPlan = { status: 409, body: JSON.stringify({ type: UNKNOWN_PLAN, title: 'unknown plan' }) }

async function setUp(
  t: Test,
  reaction: Reaction | ((push: Push, count: number) => Reaction),
  changed: Partial<DeliveryContext> = {},
) {
  const aggregator = await startAggregator(t, reaction)
  const connection = openConnection()
  t.teardown(connection.close)
  const context: DeliveryContext = {
    connection,
    pathPrefix: '/v1/agents/node-1/pod/rounds/0123456789abcdef-',
    token: async () => ({ token: 'secret' }),
    planById: (id) => (id === plan.id ? plan : undefined),
    droppedRounds: () => 3,
    now: () => 104.5,
    anchorWallClock,
    timeoutSeconds: 2,
    ...changed,
  }
  return { aggregator, context, delivered: () => deliver(aggregator.url, round, context) }
}

t.test('a round is put under its id, with its age, and the answer brings a clock sample', async (t) => {
  const { aggregator, delivered } = await setUp(t, 'accept')
  const delivery = await delivered()
  t.match(delivery, {
    kind: 'accepted',
    detail: aggregator.url,
    clock: { outcome: 'answered', reference: { address: '127.0.0.1' } },
  })
  t.match(aggregator.pushes[0], {
    path: '/v1/agents/node-1/pod/rounds/0123456789abcdef-7',
    authorization: 'Bearer secret',
    round: { ageSeconds: 4.5, droppedRounds: 3, plan: plan.id },
  })
  const { offsetSeconds, uncertaintySeconds } = delivery.kind === 'accepted' && delivery.clock ? delivery.clock : {}
  t.ok(Math.abs(offsetSeconds ?? 9) <= (uncertaintySeconds ?? 0) + 0.05, 'both ends are this machine')
})

t.test('an unknown plan is sent along, under the same id', async (t) => {
  const { aggregator, delivered } = await setUp(t, ({ round }) => (round.planBody ? 'accept' : unknownPlan))
  t.match(await delivered(), { kind: 'accepted' })
  t.strictSame(
    aggregator.pushes.map(({ path, round }) => [path, round.planBody?.id]),
    [
      ['/v1/agents/node-1/pod/rounds/0123456789abcdef-7', undefined],
      ['/v1/agents/node-1/pod/rounds/0123456789abcdef-7', plan.id],
    ],
  )
})

t.test('facts that are refused are left out, and the round arrives with its plan', async (t) => {
  const complaint = { status: 400, body: '{"pointer":"/facts/hosts/0/address","detail":"too long"}' }
  const facts = { localAddresses: ['192.0.2.1'] }
  const { aggregator, context } = await setUp(t, ({ round }) => {
    if (round.facts) return complaint
    return round.planBody ? 'accept' : unknownPlan
  })
  t.match(await deliver(aggregator.url, bufferedRound(7, { ...content, facts }), context), {
    kind: 'accepted',
    clock: { outcome: 'answered' },
    refusedFacts: { facts: JSON.stringify(facts), detail: /: 400 .*too long/ },
  })
  t.strictSame(
    aggregator.pushes.map(({ round }) => [round.facts !== undefined, round.planBody !== undefined]),
    [
      [true, false],
      [false, false],
      [false, true],
    ],
  )
})

t.test('a complaint of anything else drops a round with facts too', async (t) => {
  for (const body of ['{"pointer":"/factsheet"}', '{"pointer":"/samples"}', '{"pointer":7}', 'null', 'no JSON']) {
    const { aggregator, context } = await setUp(t, { status: 400, body })
    t.match(await deliver(aggregator.url, bufferedRound(7, { ...content, facts: {} }), context), { kind: 'rejected' })
    t.equal(aggregator.pushes.length, 1, body)
  }
})

t.test('a plan that the agent does not know any more: the round is dropped', async (t) => {
  const { aggregator, delivered } = await setUp(t, unknownPlan, { planById: () => undefined })
  t.match(await delivered(), { kind: 'rejected' })
  t.equal(aggregator.pushes.length, 1)
})

t.test('a round that is wrong would be refused for ever', async (t) => {
  for (const status of [400, 409, 413, 422]) {
    const { delivered } = await setUp(t, { status, body: '{"pointer":"/samples"}' })
    t.match(await delivered(), { kind: 'rejected', detail: new RegExp(`: ${status} {"pointer":"/samples"}$`) })
  }
})

t.test('a 200 of something else, such as a proxy that wants a password, takes no round', async (t) => {
  for (const body of ['<html></html>', 'not json', '[]', 'null', '{"status":"ok"}', '']) {
    const { delivered } = await setUp(t, { status: 200, body })
    t.match(await delivered(), { kind: 'failed', detail: /: 200, but this is no answer of an aggregator$/ })
  }
})

t.test('everything else may do better another time', async (t) => {
  for (const status of [401, 403, 404, 429, 500, 503]) {
    const { delivered } = await setUp(t, { status, headers: { 'retry-after': '7' } })
    t.match(await delivered(), {
      kind: 'failed',
      detail: new RegExp(`: ${status}$`),
      retryAfterSeconds: 7,
      elsewhere: false,
    })
  }
  const { delivered } = await setUp(t, 'close')
  t.match(await delivered(), { kind: 'failed', detail: /: ECONNRESET$/, retryAfterSeconds: null, elsewhere: true })
})

t.test('a token that cannot be read is a failure, and nothing is sent', async (t) => {
  const { aggregator, delivered } = await setUp(t, 'accept', {
    token: async () => ({ error: 'tokenFile cannot be read: ENOENT' }),
  })
  t.match(await delivered(), { kind: 'failed', detail: 'tokenFile cannot be read: ENOENT' })
  t.equal(aggregator.pushes.length, 0)
})

t.test('a wrong answer took the round all the same', async (t) => {
  for (const body of ['{"receivedAt":1}', '{"receivedAt":1,"sentAt":1,"plan":{}}']) {
    const { delivered } = await setUp(t, { status: 200, body })
    t.match(await delivered(), { kind: 'accepted', answer: null, clock: null, detail: /the answer is wrong at/ })
  }
})

t.test('a clock that was set meanwhile gives no sample', async (t) => {
  const stepped = () => ({ ...anchorWallClock(), steppedSeconds: () => 94 })
  const { delivered } = await setUp(t, 'accept', { anchorWallClock: stepped })
  t.match(await delivered(), {
    kind: 'accepted',
    clock: null,
    answer: { sentAt: Number } satisfies Partial<Record<keyof PushAnswer, unknown>>,
  })
})
