// `npm run bench -- report-cost [--nodes 10000]`: what each face of the report costs, in processor time of the thread that serves pushes, too.
//
// In one process and without a network, so that it holds on a busy machine: `npm run bench -- report` measures the same over HTTP. 1 % of the
// nodes are odd. `hold`: the longest stretch of work that kept the event loop from others; goal 50 ms.
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs, promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { applyTick } from '@oddnode/diagnosis'
import { observationOf } from '@oddnode/protocol'
import { streamText } from '../../packages/aggregator/src/http/stream-text.ts'
import { fleetMetrics } from '../../packages/aggregator/src/metrics-fleet.ts'
import { reportHtml } from '../../packages/aggregator/src/report/html/report-page.ts'
import { type Moment, reportJson, reportOf } from '../../packages/aggregator/src/report/model/moment.ts'
import { createReporter } from '../../packages/aggregator/src/report/model/reporter.ts'
import { SHOWN_NODES } from '../../packages/aggregator/src/report/model/view.ts'
import { reportText } from '../../packages/aggregator/src/report/text/report.ts'
import { createMemoryStore } from '../../packages/aggregator/src/store/memory-store.ts'
import { INTERVAL_SECONDS, pushRound, type See, simulateFleet } from './diagnosis-fleet.ts'

const { values } = parseArgs({ options: { nodes: { type: 'string', default: '10000' } } })
const simulated = simulateFleet(Number(values.nodes))
const { fleet, nodes } = simulated

/** Each is measured so often: the first time code is cold and nothing is kept. */
const TIMES = 5
const ROUNDS = 6
const timeout = observationOf('timeout', { error: 'no answer within 6 s' })
const onePercentOdd: See = (node, vantage, _, role) =>
  vantage === 'pod' && role === 'node-local' && node.endsWith('00') ? timeout : null

let revision = 0
const reporter = createReporter({
  evaluation: { fleet, revision: () => revision },
  recorder: { ...createMemoryStore(), trouble: () => null, findingsRevision: () => 0 },
  cluster: 'bench',
  version: '0.1.0',
  now: () => simulated.at,
  externalUrl: '',
  retentionDays: 30,
  keepsPast: false,
  discovers: true,
  namespace: null,
})

for (let round = 0; round < ROUNDS; round++) {
  for (const node of nodes)
    for (const vantage of ['host', 'pod'] as const) pushRound(simulated, node, vantage, onePercentOdd)
  simulated.at += INTERVAL_SECONDS
  while (applyTick(fleet, simulated.at).findings.waiting > 0);
}

const faces: Record<string, (moment: Moment) => Promise<{ octets: number; gzipped?: number }>> = {
  page: async (moment) => {
    const page = reportHtml(moment)
    return { octets: Buffer.byteLength(page), gzipped: (await promisify(gzip)(page)).length }
  },
  text: async (moment) => ({ octets: Buffer.byteLength(reportText(reportOf(moment, SHOWN_NODES))) }),
  '/metrics': (moment) =>
    drained(fleetMetrics({ moment, agents: [...fleet.agents.values()], now: simulated.at, rejected: () => 0 })),
  '/report.json': (moment) => drained(reportJson(moment)),
}

const rows: Record<string, unknown> = {}
rows['the moment, all nodes looked at'] = await cost(1, async () => ({ nodes: (await anew()).nodes.length }))
rows['the moment, once a second'] = await cost(TIMES, async () => ({ nodes: (await anew()).nodes.length }))
for (const [name, make] of Object.entries(faces)) {
  const moment = await anew()
  const times = name === '/report.json' ? 1 : TIMES
  rows[name] = await cost(times, () => make(moment))
}
console.table(rows)

function anew(): Promise<Moment> {
  revision++
  return reporter.now()
}

async function drained(pieces: Iterable<string>): Promise<{ octets: number }> {
  let octets = 0
  for await (const part of streamText(pieces)) octets += part.length
  return { octets }
}

/** Milliseconds of processor time: the first and the least of several, and the longest hold of all. */
async function cost(times: number, act: () => Promise<object>): Promise<object> {
  const took: number[] = []
  let hold = 0
  let said = {}
  for (let i = 0; i < times; i++) {
    let before = milliseconds()
    const startedAt = before
    const watch = setInterval(() => {
      const now = milliseconds()
      hold = Math.max(hold, now - before)
      before = now
    }, 1)
    said = await act()
    took.push(milliseconds() - startedAt)
    await sleep(5)
    clearInterval(watch)
  }
  const tenth = (value: number) => Number(value.toFixed(1))
  return { first: tenth(took[0] ?? Number.NaN), least: tenth(Math.min(...took)), hold: tenth(hold), ...said }
}

function milliseconds(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
