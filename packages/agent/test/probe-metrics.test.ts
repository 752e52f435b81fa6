import { outcomes as allOutcomes, observationOf, type Plan } from '@oddnode/protocol'
import fc from 'fast-check'
import t from 'tap'
import { createProbeMetrics, type ProbeMetrics } from '../src/probe-metrics.ts'
import { planOf, target } from './plans.ts'

const own = { node: 'node-1', vantage: 'pod' } as const
const DURATION = 'oddnode_probe_duration_seconds'
const OUTCOMES = 'oddnode_probe_outcomes_total'

const textOf = (metrics: ProbeMetrics) => [...metrics.text()].join('')

/** The series of a metric: labels → value. */
function series(metrics: ProbeMetrics, name: string): Record<string, number> {
  const lines = textOf(metrics)
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`))
  return Object.fromEntries(
    lines.map((line) => [
      line.slice(name.length + 1, line.lastIndexOf('}')),
      Number(line.slice(line.lastIndexOf('}') + 1)),
    ]),
  )
}

const udpKubernetes = (plan: Plan) =>
  plan.probes.findIndex(
    ({ question, transport, sourcePort }) => question === 'kubernetes' && transport === 'udp' && sourcePort === 'fresh',
  )

t.test('a probe that never answers has a series that says so', async (t) => {
  const metrics = createProbeMetrics(own)
  const plan = planOf({ targets: [target('192.0.2.1')] })
  metrics.setPlan(plan)
  const outcomes = Object.entries(series(metrics, OUTCOMES))
  t.ok(plan.probes.every(({ question }) => outcomes.some(([labels]) => labels.includes(`question="${question}"`))))
  t.ok(outcomes.every(([labels, value]) => labels.includes('outcome="answered"') && value === 0))
  t.strictSame(series(metrics, `${DURATION}_count`), {})
})

t.test('after n probes the count grew by n, and a failure is no latency sample', async (t) => {
  const metrics = createProbeMetrics(own)
  const plan = planOf({ targets: [target('192.0.2.1'), target('2001:db8::1', 5353)] })
  metrics.setPlan(plan)
  const probe = udpKubernetes(plan)
  for (const seconds of [0.0002, 0.5, 0.5]) metrics.sample(probe, observationOf('answered', { seconds }))
  for (let i = 0; i < 2; i++) metrics.sample(probe, observationOf('timeout'))
  metrics.sample(plan.probes.length, observationOf('timeout'))
  const labels =
    'node="node-1",vantage="pod",role="endpoint",address="192.0.2.1",transport="udp",question="kubernetes",source_port="fresh"'
  const outcomes = series(metrics, OUTCOMES)
  t.equal(outcomes[`${labels},outcome="answered"`], 3)
  t.equal(outcomes[`${labels},outcome="timeout"`], 2)
  t.equal(
    Object.values(outcomes).reduce((sum, count) => sum + count),
    5,
  )
  t.strictSame(series(metrics, `${DURATION}_count`), { [labels]: 3 })
  t.strictSame(series(metrics, `${DURATION}_sum`), { [labels]: 1.0002 })
  t.ok(Object.keys(outcomes).some((labels) => labels.includes('address="[2001:db8::1]:5353"')))
})

t.test('buckets are cumulative, their bounds inclusive, and the last one counts all', async (t) => {
  const metrics = createProbeMetrics(own)
  metrics.setPlan(planOf({ targets: [target('192.0.2.1')] }))
  const seconds = fc.double({ min: 0, max: 7, noNaN: true })
  const seen: number[] = []
  fc.assert(
    fc.property(fc.array(fc.oneof(seconds, fc.constantFrom(0.0001, 0.003, 1, 5))), (durations) => {
      for (const seconds of durations) metrics.sample(0, observationOf('late', { seconds }))
      seen.push(...durations)
      for (const [labels, count] of Object.entries(series(metrics, `${DURATION}_bucket`))) {
        const bound = labels.match(/,le="([^"]+)"$/)?.[1] ?? ''
        const most = bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound)
        if (count !== seen.filter((seconds) => seconds <= most).length) return false
      }
      return true
    }),
  )
  t.equal(Object.keys(series(metrics, `${DURATION}_bucket`)).length, 12)
})

t.test('every outcome has its series', async (t) => {
  const metrics = createProbeMetrics(own)
  metrics.setPlan(planOf({ targets: [target('192.0.2.1')] }))
  for (const outcome of allOutcomes) metrics.sample(0, observationOf(outcome))
  const counted = Object.entries(series(metrics, OUTCOMES)).filter(([, count]) => count === 1)
  t.strictSame(
    counted.map(([labels]) => labels.match(/,outcome="([^"]+)"$/)?.[1]),
    [...allOutcomes],
  )
})

t.test('a plan change leaves no ghost series, and what stays goes on counting', async (t) => {
  const metrics = createProbeMetrics(own)
  const before = planOf({ targets: [target('192.0.2.1'), target('192.0.2.2')] })
  metrics.setPlan(before)
  for (const [i] of before.probes.entries()) metrics.sample(i, observationOf('answered', { seconds: 0.001 }))
  const after = planOf({ targets: [target('192.0.2.2')] })
  metrics.setPlan(after)
  t.notMatch(textOf(metrics), '192.0.2.1"')
  const counts = Object.values(series(metrics, OUTCOMES))
  t.ok(counts.every((count) => count > 0))
  t.equal(
    counts.reduce((sum, count) => sum + count),
    after.probes.length,
  )
})

t.test('probes that differ only in EDNS are one series', async (t) => {
  const metrics = createProbeMetrics(own)
  const plan = planOf({ targets: [target('192.0.2.1')] })
  const [first] = plan.probes
  if (!first) return t.fail('no probe')
  metrics.setPlan({ ...plan, probes: [first, { ...first, edns: { udpPayloadSize: 1232, nsid: true } }] })
  for (const probe of [0, 1]) metrics.sample(probe, observationOf('answered'))
  t.strictSame(Object.values(series(metrics, OUTCOMES)), [2])
})

t.test('what stands between quotes is escaped', async (t) => {
  const metrics = createProbeMetrics({ node: 'a"b\\c\nd', vantage: 'host' })
  metrics.setPlan(planOf({ targets: [target('192.0.2.1')] }))
  t.match(textOf(metrics), '{node="a\\"b\\\\c\\nd",vantage="host"')
})

t.test('a large text comes in parts of some kB', async (t) => {
  const metrics = createProbeMetrics(own)
  const plan = planOf()
  metrics.setPlan(plan)
  for (const [probe] of plan.probes.entries()) metrics.sample(probe, observationOf('late', { seconds: 2.5 }))
  const parts = [...metrics.text()]
  t.ok(parts.length > 3)
  t.ok(parts.every((part) => part.length < 32_768))
})

t.test('each line is one of the text exposition format, each metric with its help and type before it', async (t) => {
  const metrics = createProbeMetrics(own)
  metrics.setPlan(planOf({ targets: [target('192.0.2.1')] }))
  metrics.sample(0, observationOf('answered', { seconds: 1e-7 }))
  const blocks = textOf(metrics).split('\n\n')
  t.equal(blocks.length, 2)
  for (const block of blocks) {
    const [help, type, ...lines] = block.trimEnd().split('\n')
    t.match(help, /^# HELP \w+ .+\.$/)
    t.match(type, /^# TYPE \w+ (histogram|counter)$/)
    for (const line of lines) t.match(line, /^\w+\{(\w+="[^"]*",?)+\} [\d.e-]+$/)
  }
  t.ok(textOf(metrics).endsWith('\n'))
})
