// `npm run bench -- ingest`: what a push costs the aggregator, beside a bare node:http server in the same run.
//
//   node --conditions=@oddnode/source test/bench/ingest.ts --agents 4000 --seconds 60
//
// The aggregator runs as it ships: compiled, with a data file. CPU is what /proc/PID/stat says over the measured time, memory what the
// resident set grew by from no agent to all of them.
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { LoadOrder, LoadReport } from './ingest-load.ts'

const { values } = parseArgs({
  options: {
    agents: { type: 'string', default: '4000' },
    seconds: { type: 'string', default: '60' },
    samples: { type: 'string', default: '40' },
    only: { type: 'string' },
    flags: { type: 'string', default: '--max-semi-space-size=16 --heap-growing-percent=20' },
  },
})
const agents = Number(values.agents)
const seconds = Number(values.seconds)
const samples = Number(values.samples)
/** V8's flags for the aggregator: those that it ships with. */
const flags = values.flags.split(' ')

const INTERVAL_SECONDS = 15
/** Agents that one loader stands for: more, and its own event loop would show in the latencies. */
const AGENTS_PER_LOADER = 2000
/** Until windows are full and states are settled: pushes at a quicker pace. */
const WARM_UP_PUSHES = 6
const WARM_UP_INTERVAL_SECONDS = 5

const aggregatorMain = join(import.meta.dirname, '../../packages/aggregator/dist/main.js')

type Figures = {
  server: string
  pushes: number
  failures: Record<string, number>
  cpuMillisecondsPerPush: number
  kilobytesPerAgent: number
  p50: number
  p99: number
  max: number
}

const servers: { name: string; command: (port: number, folder: string) => string[] }[] = [
  {
    name: 'bare node:http',
    command: (port) => ['--conditions=@oddnode/source', join(import.meta.dirname, 'naive-server.ts'), String(port)],
  },
  {
    name: 'aggregator',
    command: (port, folder) => [
      ...flags,
      aggregatorMain,
      `--listen.port=${port}`,
      `--dataFile=${join(folder, 'oddnode.db')}`,
      '--logLevel=error',
    ],
  },
]

if (!existsSync(aggregatorMain)) {
  console.error('packages/aggregator/dist is missing: run npm run build first')
  process.exit(1)
}
const figures: Figures[] = []
for (const { name, command } of servers) {
  if (values.only === undefined || name.includes(values.only)) figures.push(await measure(name, command))
}
const machine = `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} threads, Node ${process.version}`
console.log(
  `${agents} agents, a push of ${samples} samples each ${INTERVAL_SECONDS} s, ${seconds} s measured; ${machine}`,
)
console.table(
  Object.fromEntries(
    figures.map(({ server, failures, ...row }) => [server, { ...row, failures: JSON.stringify(failures) }]),
  ),
)
console.log(JSON.stringify({ benchmark: 'ingest', agents, seconds, samples, machine, figures }))

async function measure(name: string, command: (port: number, folder: string) => string[]): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'oddnode-bench-'))
  const port = await freePort()
  // More connections than a shell's usual limit of open files.
  const script = 'ulimit -n $(ulimit -Hn); exec "$0" "$@"'
  const server = spawn('/bin/sh', ['-c', script, process.execPath, ...command(port, folder)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  try {
    await sleep(2000)
    const pid = server.pid ?? 0
    const emptyKilobytes = residentKilobytes(pid)
    const loaders = await startLoaders(port)
    await sleep(WARM_UP_PUSHES * WARM_UP_INTERVAL_SECONDS * 1000)
    for (const loader of loaders) loader.send({ kind: 'interval', seconds: INTERVAL_SECONDS } satisfies LoadOrder)
    await sleep(INTERVAL_SECONDS * 1000)
    for (const loader of loaders) loader.send({ kind: 'reset' } satisfies LoadOrder)
    const cpuBefore = cpuSeconds(pid)
    await sleep(seconds * 1000)
    const cpu = cpuSeconds(pid) - cpuBefore
    const kilobytes = residentKilobytes(pid) - emptyKilobytes
    const reports = await Promise.all(loaders.map(reportOf))
    for (const loader of loaders) loader.send({ kind: 'stop' } satisfies LoadOrder)
    return figuresOf(name, reports, cpu, kilobytes)
  } finally {
    server.kill('SIGTERM')
    await new Promise((resolve) => server.once('exit', resolve))
    rmSync(folder, { recursive: true })
  }
}

async function startLoaders(port: number): Promise<ChildProcess[]> {
  const loaders: ChildProcess[] = []
  for (let firstAgent = 0; firstAgent < agents; firstAgent += AGENTS_PER_LOADER) {
    const loader = fork(join(import.meta.dirname, 'ingest-load.ts'), { execArgv: ['--conditions=@oddnode/source'] })
    loader.send({
      kind: 'start',
      port,
      firstAgent,
      agents: Math.min(AGENTS_PER_LOADER, agents - firstAgent),
      intervalSeconds: WARM_UP_INTERVAL_SECONDS,
      samples,
    } satisfies LoadOrder)
    loaders.push(loader)
  }
  return loaders
}

function reportOf(loader: ChildProcess): Promise<LoadReport> {
  return new Promise((resolve) => {
    loader.once('message', (report: LoadReport) => resolve(report))
    loader.send({ kind: 'report' } satisfies LoadOrder)
  })
}

function figuresOf(server: string, reports: readonly LoadReport[], cpu: number, kilobytes: number): Figures {
  const latencies = reports.flatMap((report) => report.latenciesMilliseconds).sort((a, b) => a - b)
  const failures: Record<string, number> = {}
  for (const report of reports) {
    for (const [reason, count] of Object.entries(report.failures)) failures[reason] = (failures[reason] ?? 0) + count
  }
  const quantile = (q: number) =>
    rounded(latencies[Math.min(latencies.length - 1, Math.floor(q * latencies.length))] ?? Number.NaN)
  return {
    server,
    pushes: latencies.length,
    failures,
    cpuMillisecondsPerPush: rounded((cpu * 1000) / latencies.length),
    kilobytesPerAgent: rounded(kilobytes / agents),
    p50: quantile(0.5),
    p99: quantile(0.99),
    max: rounded(latencies.at(-1) ?? Number.NaN),
  }
}

function rounded(value: number): number {
  return Number(value.toFixed(3))
}

/** User and system time; fields 14 and 15 of proc_pid_stat(5), counted behind the name in parentheses, in ticks of 10 ms. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function residentKilobytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
