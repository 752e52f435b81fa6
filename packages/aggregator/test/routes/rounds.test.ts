import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PLAN_SCHEMA, type Plan, UNKNOWN_PLAN } from '@oddnode/protocol'
import { checkPushAnswer } from '@oddnode/protocol/checks'
import t from 'tap'
import { clusterOf, dnsEndpoint } from '../cluster/cluster-of.ts'
import { startApiServer } from '../kubernetes/api-server.ts'
import { connect } from '../kubernetes/connect.ts'
import { knowing, reviewed } from '../kubernetes/token-reviews.ts'
import { bareRoundOf, boot, clusterPlan, healthy, pathOf, roundOf, samplesOf, timeout } from '../pushing.ts'
import { testApp } from '../test-app.ts'

const plan = clusterPlan('host')

t.test('a push is answered with both times, and counts once', async (t) => {
  const app = await testApp(t)
  const first = await app.push('node-1', 'host', 0, roundOf(plan))
  t.equal(first.status, 200)
  t.equal(first.body['receivedAt'], app.clock.now())
  t.ok(Number(first.body['sentAt']) >= Number(first.body['receivedAt']))
  t.equal(first.body['wantFacts'], true)
  for (let i = 0; i < 5; i++) t.equal((await app.push('node-1', 'host', 0, roundOf(plan))).status, 200)
  const report = await app.report()
  t.equal(report.nodes[0]?.agents[0]?.probes[0]?.asked, 1, 'a repeat changes nothing')
  t.equal(
    (await app.push('node-1', 'host', 1, bareRoundOf(plan, undefined, { facts: {} }))).body['wantFacts'],
    undefined,
  )
})

t.test('a twin that doubts a target lets this one ask it', async (t) => {
  const app = await testApp(t)
  await app.push(
    'node-1',
    'host',
    0,
    roundOf(
      plan,
      samplesOf(plan, (of, probe) => (of.probes[probe]?.target === 1 ? timeout() : healthy(of, probe))),
    ),
  )
  const pod = await app.push('node-1', 'pod', 0, roundOf(clusterPlan('pod')))
  t.strictSame(pod.body['suspects'], [1])
})

t.test('more nodes that ask again what failed than CoreDNS bears are held back', async (t) => {
  const clusterFile = join(t.testdir({ 'cluster.json': JSON.stringify(clusterOf()) }), 'cluster.json')
  const app = await testApp(t, [`--clusterFile=${clusterFile}`])
  app.tick()
  const dead = bareSuspicion(plan)
  const answers = []
  for (let i = 0; i < 60; i++) answers.push(await app.push(`node-${i}`, 'host', 0, dead))
  const heldBack = answers.map(({ body }) => body['holdBack'] === true)
  t.notOk(heldBack[0] || heldBack[2], 'three nodes ask as they like')
  t.ok(heldBack.at(-1), 'of sixty at once the last does not')
  t.ok(answers.every(({ body }) => 'value' in checkPushAnswer(body)))
  const well = await app.push('node-0', 'host', 1, roundOf(plan))
  t.equal(well.body['holdBack'], undefined)
})

const bareSuspicion = (of: Plan) => roundOf(of, samplesOf(of, timeout), { kind: 'suspicion' })

t.test('a plan that is not known', async (t) => {
  const app = await testApp(t)
  const refused = await app.push('node-1', 'host', 0, bareRoundOf(plan))
  t.match(refused, { status: 409, body: { type: UNKNOWN_PLAN, status: 409, pointer: '/plan' } })
  t.equal((await app.push('node-1', 'host', 0, roundOf(plan))).status, 200)
  t.equal((await app.push('node-1', 'host', 1, bareRoundOf(plan))).status, 200)
  t.equal((await app.push('node-2', 'host', 0, bareRoundOf(plan))).status, 409, 'each agent brings its own')
  const mixed = await app.push('node-1', 'host', 2, { ...roundOf(plan), plan: 'abcd' })
  t.match(mixed, { status: 400, body: { pointer: '/planBody/id' } })
})

t.test('the plan is in the answer until the agent follows it, and needs no body then', async (t) => {
  const clusterFile = join(t.testdir({ 'cluster.json': JSON.stringify(clusterOf()) }), 'cluster.json')
  const app = await testApp(t, [`--clusterFile=${clusterFile}`])
  app.tick()
  const first = await app.push('node-1', 'host', 0, roundOf(plan))
  t.equal(first.body['plan'], undefined, 'not before the agent has told its facts')
  const second = await app.push('node-1', 'host', 1, bareRoundOf(plan, undefined, { facts: {} }))
  const given = second.body['plan'] as Plan
  t.match(given, { schema: PLAN_SCHEMA, targets: [{ role: 'node-local' }, { role: 'cluster-dns' }] })
  t.ok('value' in checkPushAnswer(second.body), 'as an agent checks it')
  const third = await app.push('node-1', 'host', 2, bareRoundOf(given))
  t.equal(third.status, 200, 'it is known here')
  t.equal(third.body['plan'], undefined)
  const late = await app.push('node-1', 'host', 3, roundOf(plan))
  t.match(late.body['plan'], { id: given.id }, 'one that goes back is told again')

  writeFileSync(clusterFile, JSON.stringify(clusterOf({}, { endpoints: [dnsEndpoint('10.244.9.9')] })))
  app.clock.advance(5)
  const changed = await app.push('node-1', 'host', 4, bareRoundOf(given))
  t.not((changed.body['plan'] as Plan).id, given.id)
})

t.test('every wrong push is refused with a pointer to what is wrong', async (t) => {
  const app = await testApp(t)
  const round = roundOf(plan)
  const cases = [
    ['another version', { ...round, schema: 'oddnode.round/2' }, '/schema'],
    ['another version with another shape', { schema: 'oddnode.round/2' }, '/schema'],
    ['a version that is no text', { schema: { deep: [] } }, '/schema'],
    ['an unknown field', { ...round, extra: 1 }, '/extra'],
    ['no age', { ...round, ageSeconds: undefined }, ''],
    ['an age below 0', { ...round, ageSeconds: -1 }, '/ageSeconds'],
    ['text for a number', { ...round, droppedRounds: '0' }, '/droppedRounds'],
    [
      'an outcome that is none',
      { ...round, samples: { ...round.samples, outcome: round.samples.outcome.map(() => 99) } },
      '/samples/outcome/0',
    ],
    ['columns of different length', { ...round, samples: { ...round.samples, outcome: [0] } }, '/samples/outcome'],
    [
      'a probe that the plan does not have',
      { ...round, samples: { probe: [999], ageMilliseconds: [0], outcome: [0] } },
      '/samples/probe/0',
    ],
    ['an answer set that is not there', { ...round, answerSets: [] }, '/samples/answers/0'],
    ['a plan that is none', { ...round, planBody: { ...plan, probes: 'all' } }, '/planBody/probes'],
  ] as const
  for (const [name, body, pointer] of cases) {
    const answer = await app.server.inject({ method: 'PUT', url: pathOf('node-1', 'host', 0), payload: body })
    t.equal(answer.statusCode, 400, name)
    t.match(answer.headers['content-type'], /^application\/problem\+json/)
    t.equal(answer.json().pointer, pointer, `${name}: ${answer.json().detail}`)
  }
  t.equal(app.evaluation.fleet.agents.size, 0, 'and nothing of it is known')
})

t.test('a push that says it is text is refused by its type', async (t) => {
  const app = await testApp(t)
  const headers = { 'content-type': 'text/plain' }
  const payload = JSON.stringify(roundOf(plan))
  const answer = await app.server.inject({ method: 'PUT', url: pathOf('node-1', 'host', 0), headers, payload })
  t.equal(answer.statusCode, 415)
  t.match(answer.headers['content-type'], /^application\/problem\+json/)
})

t.test('a version that is nested too deep to be told is told of all the same', async (t) => {
  const app = await testApp(t)
  const payload = `{"schema":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
  const headers = { 'content-type': 'application/json' }
  const answer = await app.server.inject({ method: 'PUT', url: pathOf('node-1', 'host', 0), headers, payload })
  t.equal(answer.statusCode, 400)
  t.match(answer.json(), { title: 'Unknown version', pointer: '/schema' })
})

t.test('a path that names no round', async (t) => {
  const app = await testApp(t)
  for (const url of [
    pathOf('node_1!', 'host', 0),
    pathOf('-', 'host', 0),
    `/v1/agents/node-1/moon/rounds/${boot}-0`,
    '/v1/agents/node-1/host/rounds/17',
    `/v1/agents/${'n'.repeat(254)}/host/rounds/${boot}-0`,
  ]) {
    const answer = await app.server.inject({ method: 'PUT', url, payload: roundOf(plan) })
    t.ok([400, 404, 414].includes(answer.statusCode), `${answer.statusCode} ${url.slice(0, 60)}`)
  }
  t.equal((await app.push('n'.repeat(253), 'host', 0, roundOf(plan))).status, 200, 'a name of full length is fine')
})

t.test('too large, too fast, too many', async (t) => {
  const app = await testApp(t, [
    '--limits.bodyBytes=20000',
    '--limits.pushBurst=3',
    '--limits.pushesPerSecond=0.1',
    '--limits.agents=2',
  ])
  t.match(
    await app.push(
      'node-1',
      'host',
      0,
      roundOf(plan, undefined, {
        answerSets: [['x'.repeat(500)], ...Array.from({ length: 60 }, () => ['y'.repeat(500)])],
      }),
    ),
    { status: 413 },
  )
  await app.push('node-1', 'host', 0, roundOf(plan))
  await app.push('node-1', 'host', 1, roundOf(plan))
  t.match(await app.push('node-1', 'host', 2, roundOf(plan)), { status: 429, headers: { 'retry-after': '10' } })
  t.equal((await app.push('node-2', 'host', 0, roundOf(plan))).status, 200, 'others are not held up')
  t.match(await app.push('node-3', 'host', 0, roundOf(plan)), { status: 403, body: { title: 'Too many agents' } })
  app.clock.advance(10)
  t.equal((await app.push('node-1', 'host', 3, roundOf(plan))).status, 200, 'after the time that it was told')
  const metrics = (await app.server.inject('/metrics')).body
  for (const reason of ['too-large', 'rate', 'agent-limit'])
    t.match(metrics, `oddnode_pushes_rejected_total{reason="${reason}"} 1`)
  t.match(metrics, 'oddnode_agents{vantage="host",status="rejected"} 2')
})

t.test('in a cluster each agent may push for its own node', async (t) => {
  const server = await startApiServer(t)
  server.answer = knowing({ one: reviewed('node-1'), foreign: reviewed('node-1', { namespace: 'default' }) })
  const api = connect(t, server.address)
  const flags = [
    '--auth.mode=kubernetes',
    '--kubernetes.address=https://api',
    '--names.namespace=oddnode',
    '--discovery.mode=none',
  ]
  const app = await testApp(t, flags, { api })
  const push = (node: string, counter: number, token?: string) =>
    app.push(node, 'host', counter, roundOf(plan), token === undefined ? {} : { authorization: `Bearer ${token}` })
  t.match(await push('node-1', 0), { status: 401 })
  t.match(await push('node-1', 0, 'forged'), { status: 401 })
  t.match(await push('node-1', 0, 'foreign'), { status: 403 })
  t.match(await push('node-2', 0, 'one'), { status: 403 })
  t.match(await push('node-1', 0, 'one'), { status: 200 })
  await server.goAway()
  t.match(await push('node-1', 1, 'one'), { status: 200 }, 'known agents go on')
  t.match(await push('node-3', 0, 'three'), { status: 503, headers: { 'retry-after': '5' } }, 'new ones wait')
  const metrics = (await app.server.inject('/metrics')).body
  for (const [reason, count] of [
    ['unauthorised', 2],
    ['forbidden', 2],
    ['unverified', 1],
  ] as const)
    t.match(metrics, `oddnode_pushes_rejected_total{reason="${reason}"} ${count}`)
})

t.test('who may push', async (t) => {
  const app = await testApp(t, [], { secret: '0123456789abcdef' })
  const round = roundOf(plan)
  const challenge = 'Bearer realm="oddnode"'
  t.match(await app.push('node-1', 'host', 0, round), { status: 401, headers: { 'www-authenticate': challenge } })
  t.match(await app.push('node-1', 'host', 0, round, { authorization: 'Bearer wrong' }), { status: 401 })
  t.equal((await app.push('node-1', 'host', 0, round, { authorization: 'Bearer 0123456789abcdef' })).status, 200)
  t.equal((await app.server.inject('/report.json')).statusCode, 200, 'the report asks for no secret')
})
