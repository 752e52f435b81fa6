import { observationOf } from '@oddnode/protocol'
import t from 'tap'
import { addLatency, createLatencyTally, type LatencyColumn, latencyOf } from '../../../src/report/model/latency.ts'
import { inSlices } from '../../../src/report/model/slices.ts'
import { live, type Seen } from '../../lived.ts'
import { healthy, timeout } from '../../pushing.ts'
import { testApp } from '../../test-app.ts'

const answerIn =
  (seconds: number): Seen =>
  () =>
    observationOf('answered', { rcode: 0, seconds, answers: ['10.96.0.1'] })

async function columnsOf(t: Parameters<typeof testApp>[0], seen: Record<string, Seen>): Promise<LatencyColumn[]> {
  const app = await testApp(t)
  await live(app, { nodes: Object.keys(seen), see: (node) => seen[node] ?? null }, 6)
  const { fleet } = app.evaluation
  const tally = createLatencyTally()
  for (const agent of fleet.agents.values()) addLatency(tally, fleet, agent)
  return inSlices(latencyOf(tally))
}

t.test('one column for each target, transport and vantage, in the order of the matrix', async (t) => {
  const columns = await columnsOf(t, { a: healthy, b: healthy })
  t.strictSame(
    columns.map(({ role, address, transport, vantage }) => [role, address, transport, vantage].join(' ')),
    ['node-local 169.254.20.10', 'cluster-dns 10.96.0.10', 'endpoint '].flatMap((target) =>
      ['udp', 'tcp'].flatMap((transport) => ['host', 'pod'].map((vantage) => `${target} ${transport} ${vantage}`)),
    ),
  )
  for (const { nodes, bins, odd } of columns) {
    t.equal(nodes, 2)
    t.equal(
      bins.reduce((sum, count) => sum + count, 0),
      2,
    )
    t.strictSame(odd, [])
  }
})

t.test('the middle of all nodes, and the odd ones by name', async (t) => {
  const silent: Seen = (plan, probe) => (plan.probes[probe]?.target === 0 ? timeout() : healthy(plan, probe))
  const columns = await columnsOf(t, { a: answerIn(0.001), b: answerIn(0.002), c: answerIn(0.5), d: silent })
  const [nodeLocal] = columns
  t.match(nodeLocal, { role: 'node-local', nodes: 3, odd: [{ node: 'd', medianSeconds: null }] })
  t.ok(Math.abs((nodeLocal?.medianSeconds ?? 0) - 0.002) < 1e-6)
  t.ok(Math.abs((nodeLocal?.minSeconds ?? 0) - 0.001) < 1e-6)
  t.ok(Math.abs((nodeLocal?.maxSeconds ?? 0) - 0.5) < 1e-6)
})

t.test('at most eight are named, those without an answer first', async (t) => {
  const seen = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`n${i}`, timeout]))
  const [column] = await columnsOf(t, { ...seen, well: healthy })
  t.equal(column?.nodes, 1)
  t.equal(column?.odd.length, 8)
})

t.test('nobody reported', async (t) => t.strictSame(await columnsOf(t, {}), []))

t.test('a way that answers no more is not told by the times of yesterday', async (t) => {
  const app = await testApp(t)
  const nodes = ['a', 'b']
  await live(app, { nodes, see: () => healthy }, 6)
  await live(app, { nodes, see: (node) => (node === 'a' ? timeout : healthy) }, 6, 6)
  const tally = createLatencyTally()
  for (const agent of app.evaluation.fleet.agents.values()) addLatency(tally, app.evaluation.fleet, agent)
  const [column] = await inSlices(latencyOf(tally))
  t.match(column, { nodes: 1, odd: [{ node: 'a', medianSeconds: null }] })
})
