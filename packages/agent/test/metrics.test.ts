import { observationOf, type Plan } from '@oddnode/protocol'
import t from 'tap'
import { createMetrics } from '../src/metrics.ts'
import { loadedModules } from './loaded-modules.ts'
import { planOf, target } from './plans.ts'

const buffered = { rounds: 0, dropped: 0 }
const create = () => createMetrics({ node: 'node-1', vantage: 'pod', version: '0.1.0', buffered: () => buffered })
const udpKubernetes = (plan: Plan) =>
  plan.probes.findIndex(
    ({ question, transport, sourcePort }) => question === 'kubernetes' && transport === 'udp' && sourcePort === 'fresh',
  )
const own = 'node="node-1",vantage="pod"'

/** The series of a metric: labels → value. */
async function series(metrics: ReturnType<typeof create>, name: string): Promise<Record<string, number>> {
  const lines = (await metrics.text()).split('\n').filter((line) => line.startsWith(`${name}{`))
  return Object.fromEntries(
    lines.map((line) => [
      line.slice(name.length + 1, line.lastIndexOf('}')),
      Number(line.slice(line.lastIndexOf('}') + 1)),
    ]),
  )
}

t.test('the names, types and units that dashboards and alerts rely on', async (t) => {
  const text = await create().text()
  for (const line of [
    'oddnode_probe_duration_seconds histogram',
    'oddnode_probe_outcomes_total counter',
    'oddnode_clock_offset_seconds gauge',
    'oddnode_clock_uncertainty_seconds gauge',
    'oddnode_clock_samples_total counter',
    'oddnode_pushes_total counter',
    'oddnode_buffered_rounds gauge',
    'oddnode_dropped_rounds_total counter',
    'oddnode_build_info gauge',
    'process_cpu_seconds_total counter',
    'process_resident_memory_bytes gauge',
    'process_start_time_seconds gauge',
  ]) {
    t.match(text, `# TYPE ${line}\n`)
  }
  t.match(create().contentType, /^text\/plain; version=0.0.4/)
})

t.test('known label sets are 0 from the start', async (t) => {
  const metrics = create()
  t.strictSame(await series(metrics, 'oddnode_pushes_total'), {
    [`outcome="accepted",${own}`]: 0,
    [`outcome="rejected",${own}`]: 0,
    [`outcome="failed",${own}`]: 0,
  })
  const plan = planOf({ targets: [target('192.0.2.1')] })
  metrics.setPlan(plan)
  const outcomes = Object.keys(await series(metrics, 'oddnode_probe_outcomes_total'))
  t.equal(outcomes.length, plan.probes.length)
  t.ok(outcomes.every((labels) => labels.includes('outcome="answered"')))
})

t.test('after n probes the count grew by n, and a failure is no latency sample', async (t) => {
  const metrics = create()
  const plan = planOf({ targets: [target('192.0.2.1'), target('2001:db8::1', 5353)] })
  metrics.setPlan(plan)
  const probe = udpKubernetes(plan)
  for (const seconds of [0.0002, 0.004, 0.004]) metrics.sample(probe, observationOf('answered', { seconds }))
  for (let i = 0; i < 2; i++) metrics.sample(probe, observationOf('timeout'))
  metrics.sample(plan.probes.length, observationOf('timeout'))
  const labels = `role="endpoint",address="192.0.2.1",transport="udp",question="kubernetes",source_port="fresh"`
  const outcomes = await series(metrics, 'oddnode_probe_outcomes_total')
  t.equal(outcomes[`${labels},outcome="answered",${own}`], 3)
  t.equal(outcomes[`${labels},outcome="timeout",${own}`], 2)
  t.equal((await series(metrics, 'oddnode_probe_duration_seconds_count'))[`${own},${labels}`], 3)
  const buckets = await series(metrics, 'oddnode_probe_duration_seconds_bucket')
  t.equal(buckets[`le="0.0003",${own},${labels}`], 1)
  t.equal(buckets[`le="0.01",${own},${labels}`], 3)
  t.ok(Object.keys(outcomes).some((labels) => labels.includes('address="[2001:db8::1]:5353"')))
})

t.test('a plan change leaves no ghost series', async (t) => {
  const metrics = create()
  const before = planOf({
    targets: [target('192.0.2.1'), target('192.0.2.2')],
    ntp: [{ address: '192.0.2.9', port: 123 }],
  })
  metrics.setPlan(before)
  for (const [i] of before.probes.entries()) metrics.sample(i, observationOf('answered', { seconds: 0.001 }))
  metrics.clock({
    reference: { kind: 'ntp', address: '192.0.2.9' },
    outcome: 'answered',
    offsetSeconds: 0,
    uncertaintySeconds: 0,
    delaySeconds: 0,
  })
  metrics.setPlan(planOf({ targets: [target('192.0.2.2')] }))
  const text = await metrics.text()
  t.notMatch(text, '192.0.2.1"')
  t.notMatch(text, '192.0.2.9"')
  const kept = Object.entries(await series(metrics, 'oddnode_probe_outcomes_total'))
  t.ok(kept.length > 0 && kept.every(([labels, value]) => labels.includes('address="192.0.2.2"') && value <= 1))
  t.ok(
    kept.some(([, value]) => value === 1),
    'what stays goes on counting',
  )
})

t.test('a clock that is not measured any more does not look fresh', async (t) => {
  const metrics = create()
  const sample = (kind: 'ntp' | 'aggregator', address: string, offsetSeconds: number | null) =>
    metrics.clock({
      reference: { kind, address },
      outcome: offsetSeconds === null ? 'timeout' : 'answered',
      offsetSeconds,
      uncertaintySeconds: offsetSeconds === null ? null : 0.001,
      delaySeconds: null,
    })
  const offsets = () => series(metrics, 'oddnode_clock_offset_seconds')
  sample('ntp', '192.0.2.9', -94.1)
  sample('aggregator', '10.244.0.5', 0.002)
  t.strictSame(await offsets(), {
    [`kind="ntp",reference="192.0.2.9",${own}`]: -94.1,
    [`kind="aggregator",reference="10.244.0.5",${own}`]: 0.002,
  })
  sample('ntp', '192.0.2.9', null)
  sample('aggregator', '10.244.0.6', 0.003)
  t.strictSame(await offsets(), { [`kind="aggregator",reference="10.244.0.6",${own}`]: 0.003 })
  metrics.delivery('accepted')
  t.equal(Object.keys(await offsets()).length, 1)
  metrics.delivery('failed')
  t.strictSame(await offsets(), {})
  t.equal((await series(metrics, 'oddnode_clock_samples_total'))[`kind="ntp",outcome="timeout",${own}`], 1)
})

t.test('what waits and what was dropped is read at each scrape', async (t) => {
  const metrics = create()
  Object.assign(buffered, { rounds: 4, dropped: 9 })
  for (let i = 0; i < 2; i++) {
    t.strictSame(Object.values(await series(metrics, 'oddnode_buffered_rounds')), [4])
    t.strictSame(Object.values(await series(metrics, 'oddnode_dropped_rounds_total')), [9])
  }
})

t.test('counts in the end what was not scraped in between', async (t) => {
  const metrics = create()
  const plan = planOf({ targets: [target('192.0.2.1')] })
  metrics.setPlan(plan)
  for (let i = 0; i < 1000; i++) metrics.sample(0, observationOf('refused'))
  const outcomes = Object.entries(await series(metrics, 'oddnode_probe_outcomes_total'))
  t.strictSame(
    outcomes.flatMap(([labels, value]) => (labels.includes('refused') ? value : [])),
    [1000],
  )
})

t.test('loads of prom-client only what it uses: its index brings https, cluster and zlib', async (t) => {
  const loaded = loadedModules(new URL('../src/metrics.ts', import.meta.url))
  for (const module of ['https', 'tls', 'cluster', 'zlib', '_http_client']) t.notOk(loaded.includes(module), module)
})
