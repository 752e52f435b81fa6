// Clocks that are set while everything runs, the aggregator's too. Every process has its own clock, by libfaketime; the machine's is never set.
import type { Report } from '@oddnode/protocol'
import t from 'tap'
import { whyNoFaketime } from '../../packages/probes/test/faketime.ts'
import { clockOfAggregator, clocksOf, setClock } from './cluster/clocks.ts'
import { bootCluster } from './cluster/cluster.ts'
import { intervalSeconds, plan, withinSeconds } from './cluster/quick.ts'
import { openFindings } from './open-findings.ts'
import { until } from './until.ts'
import { untilWell } from './until-well.ts'
import { whyNoLab } from './why-not.ts'

const why = whyNoLab() ?? whyNoFaketime()

const nodeOf = ({ nodes }: Report, wanted: string) => nodes.find(({ name }) => name === wanted)
/** A jump is told of for minutes, and the aggregator's own clock accuses no node: both are true, and not what is asked here. */
const besides = ['node-clock-stepped', 'aggregator-clock-wrong']
const accused = (report: Report) => openFindings(report).filter(({ fault }) => !besides.includes(fault))
/** Probes of every round, whatever else is asked now and then. */
const isEveryRound = ({ question, variant }: { question: string; variant: string | null }) =>
  question === 'kubernetes' && variant === null

t.test('clocks that are set while everything runs', { skip: why ?? false, timeout: 280_000 }, async (t) => {
  const lab = await bootCluster({ ...clocksOf('node-3'), ...clockOfAggregator })
  t.teardown(() => lab.close())
  await untilWell(lab)
  const seconds = withinSeconds.open

  await t.test('trap 17: the aggregator is stepped by +94 s: nobody is accused, of clock or of silence', async (t) => {
    setClock(lab, 'aggregator', 94)
    const readsBehind = (report: Report) =>
      report.nodes.every(({ clock }) =>
        clock.samples.some(
          ({ reference, offsetSeconds }) => reference === 'aggregator' && Math.abs((offsetSeconds ?? 0) + 94) < 0.5,
        ),
      )
    const seen = await until(lab, 'every node reads 94 s behind it', seconds, readsBehind, (report) =>
      t.strictSame(accused(report), []),
    )
    const later = Date.parse(seen.report.at) + 8000 * intervalSeconds
    const { report } = await until(lab, 'eight rounds more', seconds, ({ at }) => Date.parse(at) > later)
    t.strictSame(accused(report), [])
    t.match(report.verdict.agents, { expected: 6, reporting: 6 })
    setClock(lab, 'aggregator', 0)
  })

  await t.test('trap 13: an agent is stepped by −94 s: windows, order and freshness stay right', async (t) => {
    const before = Date.now()
    setClock(lab, 'node-3', -94)
    await until(lab, 'it is told', seconds, (report) => accused(report).length > 0)
    const after = before + 8000 * intervalSeconds
    const { report } = await until(lab, 'eight rounds more', seconds, ({ nodes }) =>
      nodes.every(({ agents }) => agents.every(({ lastSeen }) => Date.parse(lastSeen ?? '') > after)),
    )
    t.match(accused(report), [
      { fault: 'node-clock-wrong', severity: 'critical', scope: { kind: 'node', nodes: ['node-3'] } },
    ])
    t.match(accused(report)[0]?.story, /^node-3's clock is 94 s behind the other nodes/)
    for (const { vantage, probes } of nodeOf(report, 'node-3')?.agents ?? [])
      for (const { state, lastSampleAt, since, asked, medianSeconds } of probes.filter(isEveryRound)) {
        t.equal(state, 'ok', vantage)
        t.equal(asked, 5)
        const age = (Date.parse(report.at) - Date.parse(lastSampleAt ?? '')) / 1000
        t.ok(age >= 0 && age < 4 * intervalSeconds, `${age} s old`)
        t.ok(Date.parse(since ?? '') < before, 'no state changed')
        t.ok((medianSeconds ?? 1) < plan.deadlineSeconds, 'trap 18: latency is unharmed')
      }
  })

  await t.test('trap 15: the sign: stepped to +94 s, the same node is ahead', async (t) => {
    setClock(lab, 'node-3', 94)
    const { report } = await until(lab, 'it is ahead', seconds, (report) =>
      accused(report).some(({ story }) => /^node-3's clock is 94 s ahead of the other nodes/.test(story)),
    )
    t.match(accused(report), [{ fault: 'node-clock-wrong', scope: { nodes: ['node-3'] } }])
    setClock(lab, 'node-3', 0)
    await until(lab, 'it is over', seconds, (report) => accused(report).length === 0)
  })
})
