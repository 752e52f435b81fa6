import { Report } from '@oddnode/protocol/schema'
import t from 'tap'
import { Value } from 'typebox/value'
import { reportJson, reportOf } from '../../src/report/view.ts'
import { clusterPlan, healthy, roundOf, samplesOf, timeout } from '../pushing.ts'
import { finding } from '../store/fixtures.ts'
import { testApp } from '../test-app.ts'

async function livedApp(t: Parameters<typeof testApp>[0], nodes: number) {
  const app = await testApp(t)
  for (let counter = 0; counter < 6; counter++) {
    for (let i = 0; i < nodes; i++) {
      const plan = clusterPlan('host')
      const odd = i === nodes - 1
      const samples = samplesOf(plan, (of, probe) =>
        odd && of.probes[probe]?.target === 0 ? timeout() : healthy(of, probe),
      )
      await app.push(`node-${i}`, 'host', counter, roundOf(plan, samples))
    }
    app.clock.advance(15)
    app.tick()
  }
  const input = { fleet: app.evaluation.fleet, cluster: 'c', version: '0.1.0', storage: null, ended: [] }
  return { app, input }
}

t.test('the view is what the schema promises, and the odd node is first', async (t) => {
  const { input } = await livedApp(t, 3)
  const report = reportOf(input)
  t.strictSame(Value.Errors(Report, report), [])
  t.equal(report.nodes[0]?.name, 'node-2')
  t.strictSame(
    JSON.parse([...reportJson(input)].join('')),
    JSON.parse(JSON.stringify(report)),
    'pieces and whole are one',
  )
})

t.test('of many nodes the first ones are shown and all are counted', async (t) => {
  const { input } = await livedApp(t, 5)
  const report = reportOf(input, 2)
  t.strictSame(
    report.nodes.map(({ name }) => name),
    ['node-4', 'node-0'],
  )
  t.equal(report.verdict.nodes.expected, 5)
  t.equal(JSON.parse([...reportJson(input)].join('')).nodes.length, 5)
})

t.test('nothing known yet', async (t) => {
  const { input } = await livedApp(t, 0)
  t.match(reportOf(input), { verdict: { state: 'no-data' }, findings: [], nodes: [] })
  t.strictSame(JSON.parse([...reportJson(input)].join('')).nodes, [])
})

t.test('findings: open before ended, worst first, each once', async (t) => {
  const { input } = await livedApp(t, 3)
  const ended = [
    finding('cccccccccccccccc', '2026-11-21T08:00:00.000Z'),
    finding('dddddddddddddddd', '2026-11-21T08:30:00.000Z'),
  ]
  const report = reportOf({ ...input, storage: 'a\u202eb', ended: [...ended, ...input.fleet.findings.values()] })
  t.equal(report.findings[0]?.ended, null)
  t.strictSame(
    report.findings.slice(-2).map(({ id }) => id),
    ['dddddddddddddddd', 'cccccccccccccccc'],
  )
  t.equal(new Set(report.findings.map(({ id }) => id)).size, report.findings.length)
  t.equal(report.storage, 'a⟨U+202E⟩b')
})
