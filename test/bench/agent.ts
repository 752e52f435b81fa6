// `npm run bench -- agent`: what the agent costs and how true its times are, beside blackbox_exporter and an empty Node process.
//
//   node --conditions=@oddnode/source test/bench/agent.ts --seconds 300
//
// cost:     20 probes a second (half UDP, half TCP, fresh sockets), pushes and scrapes included, against Debian's unbound on loopback
// accuracy: the agent's round trips against a packet capture with nanosecond stamps (needs root and tcpdump)
// default:  the plan of a typical node at the default interval
import { availableParallelism, cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Plan } from '@oddnode/protocol'
import { steadyPlan, typicalPlan } from './agent-plans.ts'
import { type AgentProcess, probesOf, startAgent } from './agent-process.ts'
import { capture, type RoundTrip } from './packet-capture.ts'
import { type Measured, watchCost } from './process-cost.ts'
import { type CleanUps, cleanUps, start, startBlackbox, startPlanner, startUnbound } from './servers.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '300' },
    only: { type: 'string' },
    flags: {
      type: 'string',
      default:
        '--max-semi-space-size=1 --initial-old-space-size=8 --optimize-for-size --single-threaded --no-opt --no-maglev',
    },
  },
})
const seconds = Number(values.seconds)
/** V8's flags for the agent: those that it ships with. */
const flags = values.flags.split(' ').filter((flag) => flag !== '')

const PROBES_PER_SECOND = 20
const STEADY_INTERVAL_SECONDS = 6
const SCRAPE_SECONDS = 15
/** Until code is compiled and pools have their size. */
const WARM_UP_SECONDS = 15
const ACCURACY_SECONDS = 30
const DEFAULT_SECONDS = 60

type Row = { process: string; probes: number } & Measured
type Summary = Record<string, number | string>

async function runCost(clean: CleanUps): Promise<Summary> {
  const port = await startUnbound(clean)
  const plan = steadyPlan(port, PROBES_PER_SECOND, STEADY_INTERVAL_SECONDS)
  const agent = await startAgent(clean, flags, await startPlanner(clean, plan))
  const blackbox = await startBlackbox(clean)
  const empty = start(clean, process.execPath, ['-e', 'setInterval(() => {}, 1e6)'])
  const stopped = new AbortController()
  const asked = askSteadily(plan, blackbox.probe, stopped.signal)
  const scraped = scrapeSteadily(agent, stopped.signal)

  await sleep(WARM_UP_SECONDS * 1000)
  const before = { agent: probesOf(await agent.metrics()), blackbox: asked.count() }
  const watches = [agent.pid, blackbox.pid, empty.pid].map(watchCost)
  await sleep(seconds * 1000)
  const [ours, rival, floor] = watches.map((watch) => watch.stop()) as [Measured, Measured, Measured]
  const after = { agent: probesOf(await agent.metrics()), blackbox: asked.count() }
  stopped.abort()
  await scraped
  const answered = (after.agent['answered'] ?? 0) - (before.agent['answered'] ?? 0)
  const rows: Row[] = [
    { process: 'agent', probes: answered, ...ours },
    { process: 'blackbox_exporter', probes: after.blackbox - before.blackbox, ...rival },
    { process: 'empty Node', probes: 0, ...floor },
  ]
  printCost(rows)
  console.log(`probes by outcome: ${JSON.stringify(after.agent)}; ${(answered / seconds).toFixed(2)} a second`)
  return summaryOf(rows)
}

/** One query of blackbox_exporter at a time, over all servers, at the agent's rate. */
function askSteadily(
  plan: Plan,
  probe: (server: string, transport: 'udp' | 'tcp') => Promise<void>,
  signal: AbortSignal,
) {
  let count = 0
  const ask = async () => {
    const asked = plan.probes[count % plan.probes.length]
    const target = plan.targets[asked?.target ?? 0]
    count++
    if (asked && target) await probe(`${target.address}:${target.port}`, asked.transport)
  }
  const timer = setInterval(() => void ask(), 1000 / PROBES_PER_SECOND)
  signal.addEventListener('abort', () => clearInterval(timer))
  return { count: () => count }
}

async function scrapeSteadily(agent: AgentProcess, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await agent.metrics()
    await sleep(SCRAPE_SECONDS * 1000, undefined, { signal }).catch(() => undefined)
  }
}

function printCost(rows: readonly Row[]): void {
  const [, rival, floor] = rows
  console.log(`| process | probes | CPU ms/probe | × blackbox | RSS MiB (peak) | × empty | anonymous MiB (peak) |`)
  console.log(`|---|---|---|---|---|---|---|`)
  for (const row of rows) {
    const { process, probes, end, peak } = row
    const perProbe = probes === 0 ? '' : perProbeMilliseconds(row).toFixed(3)
    const ratio = probes === 0 || !rival ? '' : (perProbeMilliseconds(row) / perProbeMilliseconds(rival)).toFixed(2)
    const resident = `${end.residentMebibytes.toFixed(1)} (${peak.residentMebibytes.toFixed(1)})`
    const anonymous = `${end.anonymousMebibytes.toFixed(1)} (${peak.anonymousMebibytes.toFixed(1)})`
    const floors = floor ? (end.residentMebibytes / floor.end.residentMebibytes).toFixed(2) : ''
    console.log(`| ${process} | ${probes} | ${perProbe} | ${ratio} | ${resident} | ${floors} | ${anonymous} |`)
  }
}

const perProbeMilliseconds = ({ cpuSeconds, probes }: Row) => (cpuSeconds * 1000) / probes
const rounded = (value: number, digits = 3) => Number(value.toFixed(digits))

function summaryOf(rows: readonly Row[]): Summary {
  const [ours, rival, floor] = rows as [Row, Row, Row]
  return {
    probes: ours.probes,
    cpuMillisecondsPerProbe: rounded(perProbeMilliseconds(ours)),
    blackboxCpuMillisecondsPerProbe: rounded(perProbeMilliseconds(rival)),
    residentMebibytes: rounded(ours.peak.residentMebibytes, 1),
    anonymousMebibytes: rounded(ours.peak.anonymousMebibytes, 1),
    emptyNodeResidentMebibytes: rounded(floor.end.residentMebibytes, 1),
  }
}

async function runAccuracy(clean: CleanUps): Promise<Summary> {
  const port = await startUnbound(clean)
  const plan = steadyPlan(port, PROBES_PER_SECOND, STEADY_INTERVAL_SECONDS)
  const agent = await startAgent(clean, flags, await startPlanner(clean, plan), ['--logLevel=debug'])
  await sleep(WARM_UP_SECONDS * 1000)
  const told: Pick<RoundTrip, 'transport' | 'server' | 'seconds'>[] = []
  agent.onLine((line) => {
    const { message, target, transport, seconds: took } = JSON.parse(line)
    const server = plan.targets[target]?.address
    if (message === 'sample' && server && took !== null) told.push({ transport, server, seconds: took })
  })
  const endCapture = await capture(clean, port)
  await sleep(ACCURACY_SECONDS * 1000)
  await agent.stop()
  const errors = errorsOf(await endCapture(), told)
  const [median, p99, max] = [0.5, 0.99, 1].map((quantile) => quantileOf(errors, quantile) * 1e6) as [
    number,
    number,
    number,
  ]
  console.log(
    `round trip minus capture: ${errors.length} probes, median ${median.toFixed(0)} µs, p99 ${p99.toFixed(0)} µs, max ${max.toFixed(0)} µs`,
  )
  return { matched: errors.length, errorMedianMicroseconds: rounded(median, 0), errorP99Microseconds: rounded(p99, 0) }
}

/** How much longer the agent says that each answer took. The last n of a server and transport are the same probes in both. */
function errorsOf(
  trips: readonly RoundTrip[],
  told: readonly Pick<RoundTrip, 'transport' | 'server' | 'seconds'>[],
): number[] {
  const key = ({ transport, server }: Pick<RoundTrip, 'transport' | 'server'>) => `${transport} ${server}`
  const seen = Map.groupBy(trips, key)
  return [...Map.groupBy(told, key)].flatMap(([probe, samples]) => {
    const captured = seen.get(probe) ?? []
    const count = Math.min(captured.length, samples.length)
    return samples.slice(-count).map((sample, i) => Math.abs(sample.seconds - (captured.at(i - count)?.seconds ?? 0)))
  })
}

function quantileOf(numbers: readonly number[], quantile: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? Number.NaN
}

async function runDefault(clean: CleanUps): Promise<Summary> {
  const port = await startUnbound(clean)
  const plan = typicalPlan(port)
  const agent = await startAgent(clean, flags, await startPlanner(clean, plan))
  const stopped = new AbortController()
  const scraped = scrapeSteadily(agent, stopped.signal)
  await sleep(2 * WARM_UP_SECONDS * 1000)
  const watch = watchCost(agent.pid)
  await sleep(DEFAULT_SECONDS * 1000)
  const { cpuSeconds, peak } = watch.stop()
  const probes = Object.values(probesOf(await agent.metrics())).reduce((sum, count) => sum + count, 0)
  stopped.abort()
  await scraped
  const millicores = (cpuSeconds / DEFAULT_SECONDS) * 1000
  console.log(
    `default interval, ${plan.probes.length} probes planned (${probes} asked): ${millicores.toFixed(2)}m CPU, ${peak.residentMebibytes.toFixed(1)} MiB RSS, ${peak.anonymousMebibytes.toFixed(1)} MiB anonymous`,
  )
  return { defaultMillicores: rounded(millicores, 2), defaultResidentMebibytes: rounded(peak.residentMebibytes, 1) }
}

const parts = { cost: runCost, accuracy: runAccuracy, default: runDefault }

console.log(
  `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores; Node ${process.version} ${flags.join(' ')}; ${seconds} s`,
)
const summary: Summary = {}
for (const [name, run] of Object.entries(parts)) {
  if (values.only !== undefined && values.only !== name) continue
  const clean = cleanUps()
  try {
    Object.assign(summary, await run(clean))
  } finally {
    clean.run()
  }
}
console.log(JSON.stringify({ bench: 'agent', ...summary }))
process.exit(0)
