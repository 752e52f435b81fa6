// `npm run bench -- clock`: how far `measureNtp` is from the truth, beside chronyd and ntp-time-sync.
//
//   node --conditions=@oddnode/source test/bench/clock.ts --measurements 300
//
// The server is chronyd on loopback that serves this machine's own clock, so the true offset is 0 and every reading is an error. At
// rest and with a busy loop for each processor; `chronyd -Q` takes one exchange, with the kernel's timestamps.
import { execFile } from 'node:child_process'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import type { NtpAddress } from '@oddnode/probes'
import { startChrony } from '../../packages/probes/test/chrony.ts'
import type { Readings } from './clock-process.ts'
import { type CleanUps, cleanUps, start } from './servers.ts'

const { values } = parseArgs({ options: { measurements: { type: 'string', default: '300' } } })
const measurements = Number(values.measurements)

const PEER_RUNS = 40
const FRESH_PROCESSES = 20
/** V8's flags of the agent: compiling and collecting happen on the thread that measures. */
const flags = ['--max-semi-space-size=1', '--single-threaded', '--conditions=@oddnode/source']

const run = promisify(execFile)

type Row = {
  load: string
  reader: string
  readings: number
  medianMicroseconds: number
  p99Microseconds: number
  maxMicroseconds: number
  biasMicroseconds: number
  /** Share of readings that are further from the truth than they say; null where the reader says nothing. */
  beyondUncertainty: number | null
  cpuMilliseconds: number | null
}

const clean = cleanUps()
try {
  const server = await startChrony({ teardown: (close) => clean.add(close) })
  const [before] = loadavg()
  const rows = [...(await compare(server, 'idle')), ...(await underLoad(() => compare(server, 'busy')))]
  print(rows)
  const machine = `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} threads, Node ${process.version}`
  console.log(`${machine}; load average before: ${before?.toFixed(2)}`)
  console.log(JSON.stringify({ benchmark: 'clock', measurements, machine, loadBefore: before, rows }))
} finally {
  clean.run()
}

async function underLoad<Result>(act: () => Promise<Result>): Promise<Result> {
  const loops: CleanUps = cleanUps()
  for (let i = 0; i < availableParallelism(); i++) start(loops, process.execPath, ['-e', 'for (;;);'])
  return act().finally(loops.run)
}

async function compare(server: NtpAddress, load: string): Promise<Row[]> {
  const { measured, secondOpinions, cpuMilliseconds } = await readIn(server, measurements)
  const first = await repeat(FRESH_PROCESSES, () => readIn(server, 1))
  const peer = await repeat(PEER_RUNS, () => askChronyd(server))
  return [
    { ...rowOf(load, 'measureNtp', measured), cpuMilliseconds: Number(cpuMilliseconds.toFixed(2)) },
    rowOf(
      load,
      'measureNtp, first of a process',
      first.flatMap((process) => process.measured),
    ),
    rowOf(
      load,
      'chronyd -Q',
      peer.map((offsetSeconds) => ({ offsetSeconds })),
    ),
    rowOf(load, 'ntp-time-sync', secondOpinions),
  ]
}

async function repeat<Result>(times: number, act: () => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  while (results.length < times) results.push(await act())
  return results
}

/** A fresh process reads the server so many times. */
async function readIn({ address, port }: NtpAddress, times: number): Promise<Readings> {
  const file = join(import.meta.dirname, 'clock-process.ts')
  const { stdout } = await run(process.execPath, [...flags, file, address, String(port), String(times)])
  return JSON.parse(stdout) as Readings
}

/** @returns seconds, + = this machine ahead */
async function askChronyd({ address, port }: NtpAddress): Promise<number> {
  const { stdout, stderr } = await run('chronyd', [
    '-Q',
    '-t',
    '6',
    `server ${address} port ${port} iburst maxsamples 1`,
  ])
  const [, wrongBy] = /System clock wrong by (\S+) seconds/.exec(stdout + stderr) ?? []
  if (wrongBy === undefined) throw new Error(`chronyd -Q says: ${stdout}${stderr}`)
  return -Number(wrongBy)
}

function rowOf(
  load: string,
  reader: string,
  readings: readonly { offsetSeconds: number; uncertaintySeconds?: number }[],
): Row {
  const errors = readings.map(({ offsetSeconds }) => Math.abs(offsetSeconds)).sort((a, b) => a - b)
  const microseconds = (seconds: number) => Number((seconds * 1e6).toFixed(1))
  const quantile = (share: number) => microseconds(errors[Math.ceil(errors.length * share) - 1] ?? Number.NaN)
  const beyond = readings.filter(({ offsetSeconds, uncertaintySeconds = Number.NaN }) => {
    return Math.abs(offsetSeconds) > uncertaintySeconds
  })
  return {
    load,
    reader,
    readings: readings.length,
    medianMicroseconds: quantile(0.5),
    p99Microseconds: quantile(0.99),
    maxMicroseconds: quantile(1),
    biasMicroseconds: microseconds(
      readings.reduce((sum, { offsetSeconds }) => sum + offsetSeconds / readings.length, 0),
    ),
    beyondUncertainty: readings[0]?.uncertaintySeconds === undefined ? null : beyond.length / readings.length,
    cpuMilliseconds: null,
  }
}

function print(rows: readonly Row[]): void {
  console.log('| load | reader | readings | median µs | × chronyd | p99 µs | max µs | bias µs | beyond u | CPU ms |')
  console.log('|---|---|---:|---:|---:|---:|---:|---:|---:|---:|')
  for (const row of rows) {
    const peer = rows.find(({ load, reader }) => load === row.load && reader === 'chronyd -Q')
    const ratio = row.medianMicroseconds / (peer?.medianMicroseconds ?? Number.NaN)
    const cells = [
      row.load,
      row.reader,
      row.readings,
      row.medianMicroseconds.toFixed(1),
      ratio.toFixed(1),
      row.p99Microseconds.toFixed(1),
      row.maxMicroseconds.toFixed(1),
      row.biasMicroseconds.toFixed(1),
      row.beyondUncertainty === null ? '' : `${(row.beyondUncertainty * 100).toFixed(1)} %`,
      row.cpuMilliseconds?.toFixed(1) ?? '',
    ]
    console.log(`| ${cells.join(' | ')} |`)
  }
}
