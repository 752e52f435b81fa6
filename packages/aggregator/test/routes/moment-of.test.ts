import { join } from 'node:path'
import t from 'tap'
import type { NoMoment } from '../../src/report/model/no-moment.ts'
import type { Reporter } from '../../src/report/model/reporter.ts'
import { momentOf } from '../../src/routes/moment-of.ts'
import { live } from '../lived.ts'
import { healthy } from '../pushing.ts'
import { momentOf as sampleMoment } from '../report/sample-moment.ts'
import { handClock, testApp } from '../test-app.ts'

const present = sampleMoment()
const past = sampleMoment(undefined, { past: true })

const reporterOf = (answer: NoMoment | typeof past): Reporter => ({
  now: async () => present,
  at: async () => answer,
  incident: async () => null,
})

const none = (why: NoMoment['why'], changes: Partial<NoMoment> = {}): NoMoment => ({
  why,
  before: null,
  after: null,
  trouble: null,
  ...changes,
})

t.test('without a time the present, with one that moment', async (t) => {
  t.equal(await momentOf(reporterOf(past), {}), present)
  t.equal(await momentOf(reporterOf(past), { at: '' }), present, 'a form sends what was left empty')
  for (const at of ['2026-11-21T09:29:12Z', '2026-11-21t10:29:12.646+01:00'])
    t.equal(await momentOf(reporterOf(past), { at }), past)
})

t.test('what is no instant is refused with one that would be', async (t) => {
  const refusalOf = (at: string) => momentOf(reporterOf(past), { at }).catch((error) => error)
  for (const at of [
    'now',
    '2026-11-21',
    '2026-11-21T09:29:12',
    '2026-13-41T09:29:12Z',
    '1795251600',
    '2026-02-30T09:00:00Z',
  ])
    t.match(await refusalOf(at), { problem: { status: 400, detail: /at is ".*2026-11-21T09:29:12Z/ } }, at)
  t.match((await refusalOf('2026-11-21T10:29:12 01:00')).problem.detail, /%2B/)
})

t.test('each reason has its words, its status and the moments nearby', async (t) => {
  const at = '2026-11-21T09:00:00Z'
  const cases = [
    [none('future', { before: 1_795_251_600 }), 400, /only 2026-11-21T09:00:00.000Z: leave it out/],
    [none('forgotten', { after: 1_795_251_600 }), 404, /retention\.days: the earliest moment is 2026/],
    [none('nothing-kept'), 404, /dataFile/],
    [none('too-early', { after: 1_795_251_600 }), 404, /begins at 2026-11-21T09:00:00.000Z/],
    [
      none('not-running', { before: 1_795_251_600, after: 1_795_251_700 }),
      404,
      /nobody looked.*after 2026.*until 2026/,
    ],
    [none('not-running', { before: 1_795_251_600 }), 404, /after 2026-11-21T09:00:00.000Z\.$/],
    [none('unreadable', { trouble: 'The disk is full.' }), 503, /^The disk is full\.$/],
    [none('unreadable'), 503, /try again/],
  ] as const
  for (const [answer, status, detail] of cases) {
    const known = [answer.before, answer.after].filter((seconds) => seconds !== null)
    const error = await momentOf(reporterOf(answer), { at }).catch((error) => error)
    t.match(error, { problem: { status, detail } }, answer.why)
    t.equal(error.problem.moments?.length ?? 0, known.length)
  }
})

t.test('a moment at which the aggregator was down, and one before the history: never a guess', async (t) => {
  const flags = [`--dataFile=${join(t.testdir(), 'oddnode.db')}`]
  const clock = handClock()
  const life = { nodes: ['node-1'], see: () => healthy }
  const first = await testApp(t, flags, { clock })
  const told = await live(first, life, 4)
  await first.server.close()
  const downAt = new Date((clock.now() + 60) * 1000).toISOString()
  clock.advance(120)
  const second = await testApp(t, flags, { clock })
  await live(second, life, 2, 4)
  const answer = await second.server.inject(`/report.json?at=${downAt}`)
  t.equal(answer.statusCode, 404)
  t.match(answer.json(), { title: 'No data then', moments: [String, String] })
  for (const moment of answer.json().moments)
    t.equal((await second.server.inject(`/report.json?at=${moment}`)).statusCode, 200, moment)
  const early = await second.server.inject('/report.json?at=2026-11-21T08:00:00Z')
  t.match(early.json(), { title: 'Before the history', status: 404 })
  t.equal((await second.server.inject(`/report.json?at=${told[0]?.at}`)).statusCode, 200, 'from before the restart')
})

t.test('a store without a file, and one that is broken, say so', async (t) => {
  const bare = await testApp(t)
  const at = new Date(bare.clock.now() * 1000).toISOString()
  t.match((await bare.server.inject(`/report.json?at=${at}`)).json(), { title: 'No history', status: 404 })
  const broken = await testApp(t, ['--dataFile=/proc/oddnode.db'])
  t.match((await broken.server.inject(`/report.json?at=${at}`)).json(), {
    status: 503,
    detail: /\/proc\/oddnode\.db cannot be opened/,
  })
})

t.test('a time when the aggregator stood still', async (t) => {
  const clock = handClock()
  const frozen = await testApp(t, [`--dataFile=${join(t.testdir(), 'frozen.db')}`], { clock })
  await live(frozen, { nodes: ['node-1'], see: () => healthy }, 2)
  await frozen.server.inject(`/report.json?at=${new Date(clock.now() * 1000).toISOString()}`)
  clock.advance(300)
  frozen.tick()
  const at = new Date((clock.now() - 100) * 1000).toISOString()
  t.match((await frozen.server.inject(`/report.json?at=${at}`)).json(), { title: 'No data then' })
})
