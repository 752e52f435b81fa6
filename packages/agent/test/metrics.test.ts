import { observationOf } from '@oddnode/protocol'
import t from 'tap'
import { createMetrics } from '../src/metrics.ts'
import { loadedModules } from './loaded-modules.ts'
import { planOf, target } from './plans.ts'

const buffered = { rounds: 0, dropped: 0 }
const create = () => createMetrics({ node: 'node-1', vantage: 'pod', version: '0.1.0', buffered: () => buffered })
const own = 'node="node-1",vantage="pod"'

async function textOf(metrics: ReturnType<typeof create>): Promise<string> {
  let text = ''
  for await (const part of metrics.text()) text += part
  return text
}

/** The series of a metric: labels → value. */
async function series(metrics: ReturnType<typeof create>, name: string): Promise<Record<string, number>> {
  const lines = (await textOf(metrics)).split('\n').filter((line) => line.startsWith(`${name}{`))
  return Object.fromEntries(
    lines.map((line) => [
      line.slice(name.length + 1, line.lastIndexOf('}')),
      Number(line.slice(line.lastIndexOf('}') + 1)),
    ]),
  )
}

t.test('the names, types and units that dashboards and alerts rely on', async (t) => {
  const text = await textOf(create())
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
  t.match(await textOf(metrics), 'reference="192.0.2.9"')
  metrics.setPlan(planOf({ targets: [target('192.0.2.2')] }))
  const text = await textOf(metrics)
  t.notMatch(text, '192.0.2.1"')
  t.notMatch(text, '192.0.2.9"')
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

t.test('loads of prom-client only what it uses: its index brings https, cluster and zlib', async (t) => {
  const loaded = loadedModules(new URL('../src/metrics.ts', import.meta.url))
  for (const module of ['https', 'tls', 'cluster', 'zlib', '_http_client']) t.notOk(loaded.includes(module), module)
})
