// `npm run bench -- ingest`: what a push costs the aggregator, beside a bare node:http server in the same run.
//
//   node --conditions=@oddnode/source test/bench/ingest.ts --agents 4000 --seconds 60
//
// The aggregator runs as it ships: compiled, with a data file. CPU is what /proc/PID/stat says over the measured time, memory what the
// resident set grew by from no agent to all of them.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { LoadReport } from './ingest-load.ts'
import { INTERVAL_SECONDS, startLoaders } from './loaders.ts'
import { quantilesOf, rounded } from './quantiles.ts'
import {
  aggregatorMain,
  exitWithoutBuild,
  listening,
  SHIPPED_FLAGS,
  startServer,
  stopServer,
} from './server-process.ts'
import { freePort } from './servers.ts'

const { values } = parseArgs({
  options: {
    agents: { type: 'string', default: '4000' },
    seconds: { type: 'string', default: '60' },
    samples: { type: 'string', default: '40' },
    only: { type: 'string' },
    flags: { type: 'string', default: SHIPPED_FLAGS },
  },
})
const agents = Number(values.agents)
const seconds = Number(values.seconds)
const samples = Number(values.samples)

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
      ...values.flags.split(' '),
      aggregatorMain,
      `--listen.port=${port}`,
      `--dataFile=${join(folder, 'oddnode.db')}`,
      '--logLevel=error',
    ],
  },
]

exitWithoutBuild()
const figures: Figures[] = []
for (const { name, command } of servers) {
  if (values.only === undefined || name.includes(values.only)) figures.push(await measure(name, command))
}
const machine = `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} threads, Node ${process.version}, load average ${loadavg()[0]?.toFixed(1)}`
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
  const server = startServer(command(port, folder))
  try {
    await listening(port)
    await sleep(1000)
    const pid = server.pid ?? 0
    const emptyKilobytes = residentKilobytes(pid)
    const loaders = await startLoaders({ port, agents, samples, oddEvery: 0, agentsPerConnection: 1 })
    loaders.reset()
    const cpuBefore = cpuSeconds(pid)
    await sleep(seconds * 1000)
    const cpu = cpuSeconds(pid) - cpuBefore
    const kilobytes = residentKilobytes(pid) - emptyKilobytes
    const report = await loaders.report()
    loaders.stop()
    return figuresOf(name, report, cpu, kilobytes)
  } finally {
    await stopServer(server)
    rmSync(folder, { recursive: true })
  }
}

function figuresOf(
  server: string,
  { latenciesMilliseconds, failures }: LoadReport,
  cpu: number,
  kilobytes: number,
): Figures {
  const { p50, p99, max } = quantilesOf(latenciesMilliseconds)
  return {
    server,
    pushes: latenciesMilliseconds.length,
    failures,
    cpuMillisecondsPerPush: rounded((cpu * 1000) / latenciesMilliseconds.length),
    kilobytesPerAgent: rounded(kilobytes / agents),
    p50,
    p99,
    max,
  }
}

/** User and system time; fields 14 and 15 of proc_pid_stat(5), counted behind the name in parentheses, in ticks of 10 ms. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function residentKilobytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
}
