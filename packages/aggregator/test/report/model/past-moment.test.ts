import { join } from 'node:path'
import { defaultThresholds } from '@oddnode/diagnosis'
import type { Report, Vantage } from '@oddnode/protocol'
import { Report as ReportSchema } from '@oddnode/protocol/schema'
import fc from 'fast-check'
import t from 'tap'
import { Value } from 'typebox/value'
import { pastNode } from '../../../src/report/model/past-moment.ts'
import { openSqliteStore } from '../../../src/store/sqlite-store.ts'
import { live, liveRound, noNodeLocal, type Seen } from '../../lived.ts'
import { clockSample, healthy } from '../../pushing.ts'
import { handClock, type TestApp, testApp } from '../../test-app.ts'

t.setTimeout(120_000)

const nodes = ['node-1', 'node-2', 'node-3']
const at = async (app: TestApp, moment: string): Promise<Report> => {
  const answer = await app.server.inject(`/report.json?at=${moment}`)
  if (answer.statusCode !== 200) throw new Error(answer.body)
  return answer.json()
}

/** What a moment says that must not change afterwards: all but samples that were taken while no state changed. */
function saying({ verdict, findings, nodes, checks, hidden }: Report) {
  return {
    verdict,
    checks,
    hidden,
    findings: findings.map(({ lastSeen: _, evidence, ...finding }) => ({ ...finding, rows: evidence.length })),
    nodes: nodes.map(({ name, state, ready, attributes, agents }) => ({
      name,
      state,
      ready,
      attributes,
      agents: agents.map(({ vantage, state, status, version, facts, probes }) => ({
        vantage,
        state,
        status,
        version,
        facts,
        probes: probes.map(({ target, transport, question, variant, state, since }) => ({
          target,
          transport,
          question,
          variant,
          state,
          since: state === 'no-data' ? null : since,
        })),
      })),
    })),
  }
}

t.test('what the report said is what it says of that moment, also after a restart', async (t) => {
  const flags = [`--dataFile=${join(t.testdir(), 'oddnode.db')}`]
  const clock = handClock()
  const see = (node: string, vantage: Vantage, round: number): Seen => {
    if (node === 'node-3' && vantage === 'pod' && round >= 3 && round < 10) return null
    return node === 'node-2' && round < 11 ? noNodeLocal : healthy
  }
  const first = await testApp(t, flags, { clock })
  const before = await live(first, { nodes, see }, 8)
  await first.server.close()
  const second = await testApp(t, flags, { clock })
  const after = await live(second, { nodes, see }, 12, 8)
  const told = [...before, ...after]
  t.ok(
    told.some(({ findings }) => findings.some(({ ended }) => ended === null)),
    'a finding opened',
  )
  t.ok(
    told.some(({ findings }) => findings.some(({ ended }) => ended !== null)),
    'and ended',
  )
  t.ok(
    told.some(({ nodes }) => nodes.some(({ agents }) => agents.some(({ status }) => status === 'silent'))),
    'an agent fell silent',
  )
  for (const report of told) {
    const past = await at(second, report.at)
    t.strictSame(Value.Errors(ReportSchema, past), [])
    t.equal(past.at, report.at)
    t.strictSame(saying(past), saying(report), report.at)
  }
})

t.test('a clock that was wrong is wrong in the past, and in the file of the incident when it is over', async (t) => {
  const app = await testApp(t, [`--dataFile=${join(t.testdir(), 'oddnode.db')}`])
  const offsets = [0.001, 0.001, 0.001, 0.001, -94, -94, -94, -94, -94, -94, 0.001, 0.001, 0.001, 0.001, 0.001]
  const told: Report[] = []
  for (const [round, offset] of offsets.entries()) {
    const changes = (node: string) => ({ clock: [clockSample(node === 'node-3' ? offset : 0.001)] })
    told.push(await liveRound(app, { nodes: [...nodes, 'node-4'], see: () => healthy, changes }, round))
  }
  const clockOf = (report: Report) => report.nodes.find(({ name }) => name === 'node-3')?.clock
  t.ok(told.some((report) => clockOf(report)?.state === 'failing'))
  // A clock is read after the aggregator's own was known for a while; the past does not remember since when.
  const settled = told.filter((report) => clockOf(report)?.state !== 'no-data')
  t.ok(settled.length > 10)
  for (const report of settled) {
    const { offsetSeconds, state } = clockOf(await at(app, report.at)) ?? {}
    t.strictSame([offsetSeconds, state], [clockOf(report)?.offsetSeconds, clockOf(report)?.state], report.at)
  }
  const finding = told.at(-1)?.findings.find(({ fault }) => fault === 'node-clock-wrong')
  t.type(finding?.ended, 'string')
  const incident = await app.server.inject(`/report/findings/${finding?.id}/incident.json`)
  t.match(incident.json(), { clocks: { rows: [{ node: 'node-3', state: 'failing', offsetSeconds: -94 }] } })
  const text = await app.server.inject(`/report/findings/${finding?.id}/incident.txt`)
  t.match(text.body, /✕ node-3 +−94 s/)
})

t.test('a machine that stands alone answers of itself in the past, too', async (t) => {
  const app = await testApp(t, [`--dataFile=${join(t.testdir(), 'oddnode.db')}`])
  const told = (await live(app, { nodes: ['laptop'], see: () => healthy }, 6)).at(-1)
  if (told === undefined) throw new Error('nothing was told')
  t.match(told, { hidden: [/^The Kubernetes API is not asked/] })
  t.strictSame(saying(await at(app, told.at)), saying(told))
})

t.test('property: whatever happens, the past says what was said', async (t) => {
  const outcome = fc.constantFrom('well', 'well', 'odd', 'silent')
  const round = fc.record({
    agents: fc.array(outcome, { minLength: 6, maxLength: 6 }),
    restart: fc.nat(7).map((n) => n === 0),
  })
  let run = 0
  const seenAs: Record<string, Seen> = { well: healthy, odd: noNodeLocal, silent: null }
  await fc.assert(
    fc.asyncProperty(fc.array(round, { minLength: 6, maxLength: 14 }), async (rounds) => {
      const flags = [`--dataFile=${join(t.testdir(), `${run++}.db`)}`]
      const clock = handClock()
      let app = await testApp(t, flags, { clock })
      const told: Report[] = []
      for (const [i, { agents, restart }] of rounds.entries()) {
        if (restart) {
          await app.server.close()
          app = await testApp(t, flags, { clock })
        }
        const see = (node: string, vantage: Vantage) =>
          seenAs[agents[nodes.indexOf(node) * 2 + (vantage === 'host' ? 0 : 1)] ?? 'well'] ?? null
        told.push(await liveRound(app, { nodes, see }, i))
      }
      for (const report of told) t.strictSame(saying(await at(app, report.at)), saying(report))
      await app.server.close()
    }),
    { numRuns: 3 },
  )
})

t.test('a node alone is what it is among all', async (t) => {
  const file = join(t.testdir(), 'oddnode.db')
  const app = await testApp(t, [`--dataFile=${file}`])
  const see = (node: string) => (node === 'node-2' ? noNodeLocal : healthy)
  const told = (await live(app, { nodes, see }, 8)).at(-1)
  if (told === undefined) throw new Error('nothing was told')
  const among = await at(app, told.at)
  await app.server.close()
  const store = openSqliteStore(file)
  t.teardown(() => store.close())
  const past = store.past(Date.parse(told.at) / 1000)
  if ('why' in past) throw new Error(past.why)
  for (const { name } of told.nodes)
    t.strictSame(
      JSON.parse(JSON.stringify(pastNode(past, defaultThresholds, name))),
      among.nodes.find((node) => node.name === name),
    )
  t.equal(pastNode(past, defaultThresholds, 'node-9'), null)
})

t.test('a clock that was sampled near the moment is told, with the time when it was measured', async (t) => {
  const app = await testApp(t, [`--dataFile=${join(t.testdir(), 'oddnode.db')}`])
  await live(app, { nodes, see: () => healthy }, 8)
  const report = await app.report()
  app.clock.advance(120)
  const past = await at(app, report.at)
  for (const { clock } of past.nodes) {
    t.match(clock, { state: 'ok', offsetSeconds: 0.001, reference: 'aggregator' })
    t.ok(Date.parse(clock.measuredAt ?? '') <= Date.parse(report.at))
  }
})
