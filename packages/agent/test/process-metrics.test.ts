import { Registry } from 'prom-client'
import t from 'tap'
import { addProcessMetrics } from '../src/process-metrics.ts'

t.test('CPU time, resident memory and start of this process', async (t) => {
  const registry = new Registry()
  addProcessMetrics(registry)
  const value = async (name: string) => (await registry.getSingleMetric(name)?.get())?.values[0]?.value ?? 0
  const first = await value('process_cpu_seconds_total')
  const before = process.cpuUsage()
  while (process.cpuUsage(before).user < 20_000);
  const second = await value('process_cpu_seconds_total')
  t.ok(first > 0 && second - first >= 0.02 && second - first < 1, 'it does not add up scrape by scrape')
  const resident = await value('process_resident_memory_bytes')
  t.ok(resident > 20e6 && resident < 2e9)
  const age = Date.now() / 1000 - (await value('process_start_time_seconds'))
  t.ok(age > 0 && age < 600)
})
