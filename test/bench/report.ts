// `npm run bench -- report [--nodes 10000] [--seconds 30]`: what readers get, and what they cost, while every node pushes.
//
// The aggregator runs as it ships: compiled, with a data file, on a cluster of so many nodes of which 1 % are odd. Goals: /report p95 below
// 200 ms and 300 kB compressed, /report.json streamed, /metrics below 500 ms, the event loop never held for more than 50 ms, pushes not
// slowed by 50 readers.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Cluster } from '@oddnode/protocol'
import { simulatedCluster } from './diagnosis-fleet.ts'
import { nodeName, planOf } from './ingest-load.ts'
import { startLoaders } from './loaders.ts'
import type { LoopFigures } from './loop-watch.ts'
import { quantilesOf } from './quantiles.ts'
import { createReader, type Read, type Reader, readFor } from './report-reader.ts'
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
    nodes: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '30' },
    flags: { type: 'string', default: SHIPPED_FLAGS },
  },
})
const nodes = Number(values.nodes)
const seconds = Number(values.seconds)

const SAMPLES = 40
/** 1 % of the nodes. */
const ODD_EVERY = 100
/** A page that updates itself asks about this often. */
const READER_SECONDS = 5
const READERS = 50
/** Prometheus asks each 15 to 60 s: oftener here, so that there is a p95. */
const SCRAPE_SECONDS = 1

exitWithoutBuild()
const folder = mkdtempSync(join(tmpdir(), 'oddnode-bench-'))
const clusterFile = join(folder, 'cluster.json')
writeFileSync(clusterFile, JSON.stringify(clusterOf(nodes)))
const port = await freePort()
const server = startServer([
  ...values.flags.split(' '),
  ...['--import', join(import.meta.dirname, 'loop-watch.ts')],
  aggregatorMain,
  `--listen.port=${port}`,
  `--dataFile=${join(folder, 'oddnode.db')}`,
  `--clusterFile=${clusterFile}`,
  '--logLevel=error',
])
try {
  await listening(port)
  const load = { port, agents: 2 * nodes, samples: SAMPLES, oddEvery: ODD_EVERY, agentsPerConnection: 2 }
  const loaders = await startLoaders(load)
  await run(loaders)
  loaders.stop()
} finally {
  await stopServer(server)
  rmSync(folder, { recursive: true })
}

async function run(loaders: Awaited<ReturnType<typeof startLoaders>>): Promise<void> {
  const readers = Array.from({ length: READERS }, () => createReader(port))
  const [reader] = readers as [Reader]
  const rows: Record<string, Row> = {}
  const phase = async (name: string, reads: () => Promise<Read[]>) => {
    loaders.reset()
    await loopFigures()
    const row = rowOf(await reads(), (await loaders.report()).latenciesMilliseconds, await loopFigures())
    rows[name] = row
    process.stdout.write(`${name}: ${JSON.stringify(row)}\n`)
  }
  const pace = { seconds, everySeconds: 0.2 }
  await phase('pushes alone', async () => {
    await sleep(seconds * 1000)
    return []
  })
  await phase('/report', () => readFor(reader, '/report', pace))
  await phase('/report.txt', () => readFor(reader, '/report.txt', pace))
  await phase('/metrics', () => readFor(reader, '/metrics', { seconds, everySeconds: SCRAPE_SECONDS }))
  await phase('/report.json', () => readFor(reader, '/report.json', { seconds: 1, everySeconds: 0 }))
  await phase(`${READERS} readers, each ${READER_SECONDS} s`, async () =>
    (
      await Promise.all(readers.map((one) => readFor(one, '/report', { seconds, everySeconds: READER_SECONDS })))
    ).flat(),
  )
  await phase(`${READERS} readers at once`, () => Promise.all(readers.map((one) => one.read('/report'))))
  for (const one of readers) one.close()
  tell(rows, (await loaders.report()).failures)
}

type Row = {
  reads: number
  kB: number
  encoding: string
  firstP50: number
  p50: number
  p95: number
  max: number
  pushes: number
  pushP99: number
} & LoopFigures

function rowOf(reads: readonly Read[], pushes: readonly number[], loop: LoopFigures): Row {
  const whole = quantilesOf(reads.map(({ milliseconds }) => milliseconds))
  const kilobytes = quantilesOf(reads.map(({ octets }) => octets / 1000))
  const tenth = (value: number) => Number(value.toFixed(1))
  return {
    reads: reads.length,
    kB: tenth(kilobytes.max),
    encoding: reads[0]?.encoding ?? '',
    firstP50: tenth(quantilesOf(reads.map(({ firstMilliseconds }) => firstMilliseconds)).p50),
    p50: tenth(whole.p50),
    p95: tenth(whole.p95),
    max: tenth(whole.max),
    pushes: pushes.length,
    pushP99: tenth(quantilesOf(pushes).p99),
    wallP99: tenth(loop.wallP99),
    wallMax: tenth(loop.wallMax),
    cpuP99: tenth(loop.cpuP99),
    cpuMax: tenth(loop.cpuMax),
    cores: Number(loop.cores.toFixed(2)),
  }
}

function tell(rows: Record<string, Row>, failures: Record<string, number>): void {
  const machine = `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} threads, Node ${process.version}, load average ${loadavg()[0]?.toFixed(1)}`
  process.stdout.write(`${nodes} nodes, 1 in ${ODD_EVERY} odd, a round of ${SAMPLES} samples each 15 s; ${machine}\n`)
  console.table(rows)
  const alone = rows['pushes alone']?.pushP99 ?? Number.NaN
  for (const [name, { pushP99 }] of Object.entries(rows))
    process.stdout.write(`p99 of a push, ${name}: ${(pushP99 / alone).toFixed(2)} of what it is alone\n`)
  process.stdout.write(`failed pushes: ${JSON.stringify(failures)}\n`)
  process.stdout.write(`${JSON.stringify({ benchmark: 'report', nodes, seconds, machine, rows })}\n`)
}

function loopFigures(): Promise<LoopFigures> {
  return new Promise((resolve) => {
    server.once('message', (figures: LoopFigures) => resolve(figures))
    server.send('figures')
  })
}

/** The cluster whose agents the loaders are: with attributes that nodes share, and the endpoints that they ask. */
function clusterOf(count: number): Cluster {
  const names = Array.from({ length: count }, (_, node) => nodeName(node))
  const endpoints = planOf('pod', SAMPLES).targets.flatMap(({ role, address }) =>
    role === 'endpoint' ? [address] : [],
  )
  return { ...simulatedCluster(names, endpoints), source: 'file' }
}
