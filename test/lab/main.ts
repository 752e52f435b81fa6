// `npm run lab [-- NAME…]`: every fault of the catalogue that a machine can make happen, in clusters of network namespaces, or only those
// whose names begin so; `--side N` side by side, `--times N` times each, `--again` twice more what went wrong, and the middle counts.
// `--json FILE` writes what came of it for docs/lab.md, `--record` keeps the recordings in test/incidents/.
import { writeFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { allScenarios } from './all-scenarios.ts'
import { closeAllClusters } from './cluster/cluster.ts'
import { intervalSeconds } from './cluster/quick.ts'
import { failedFile, recordingFile, recordingName } from './recording.ts'
import { type Result, runScenario } from './run-scenario.ts'
import type { Scenario } from './scenario.ts'
import { sweep } from './sweep.ts'
import { type LabRun, summariesOf, tableOf } from './table.ts'
import { whyNoLab } from './why-not.ts'

/** Lanes that take the longest first, which mostly wait; the others take the shortest, which keep the processors busy from the start. */
const PATIENT_LANES = 2

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    again: { type: 'boolean', default: false },
    json: { type: 'string' },
    record: { type: 'boolean', default: false },
    side: { type: 'string', default: '5' },
    times: { type: 'string', default: '1' },
  },
})

const why = whyNoLab()
if (why !== null) {
  process.stdout.write(`Left out: ${why}\n`)
  process.exit(0)
}

process.stdout.write(await sweep())
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void closeAllClusters().finally(() => process.exit(1)))

const wanted = (await allScenarios()).filter(
  ({ fault }) => positionals.length === 0 || positionals.some((name) => fault.startsWith(name)),
)
const possible = wanted.filter(({ whyNot }) => (whyNot?.() ?? null) === null)
const startedAt = performance.now()
tell(await sideBySide(Array.from({ length: Number(values.times) }, () => possible).flat(), Number(values.side)))

/** So many at a time; a busy machine is part of the trial, a starved one is not. */
async function sideBySide(scenarios: readonly Scenario[], width: number): Promise<Result[]> {
  const rest = scenarios.toSorted((a, b) => patienceFor(b) - patienceFor(a))
  const done: Result[] = []
  const worker = async (_: unknown, lane: number) => {
    const take = () => (lane < PATIENT_LANES ? rest.shift() : rest.pop())
    for (let next = take(); next; next = take()) {
      const first = await run(next)
      done.push(first)
      if (!first.passed && values.again) done.push(await run(next), await run(next))
      write(done)
    }
  }
  await Promise.all(Array.from({ length: width }).map(worker))
  return done.sort((a, b) => scenarios.indexOf(a.scenario) - scenarios.indexOf(b.scenario))
}

async function run(scenario: Scenario): Promise<Result> {
  const name = recordingName(scenario, wanted)
  const failed = failedFile(name)
  const result = await runScenario(scenario, { passed: values.record ? recordingFile(name) : null, failed })
  process.stdout.write(`${lineOf(result)}${result.passed ? '' : `recorded in ${failed}\n`}`)
  return result
}

function patienceFor({ within: { open = 1, close = 1 } = {} }: Scenario): number {
  return open + close
}

function lineOf({ scenario: { fault, how }, passed, openSeconds, closeSeconds, trouble }: Result): string {
  const times = `open ${openSeconds?.toFixed(1) ?? '–'} s, close ${closeSeconds?.toFixed(1) ?? '–'} s`
  return `${passed ? 'ok    ' : 'FAILED'} ${fault}: ${how} (${times})\n${passed ? '' : `${trouble}\n`}`
}

/** As far as it went: a run that is ended before its end leaves something, too. */
function write(results: Result[]): void {
  const machine = { cores: availableParallelism(), load: Math.round(loadavg()[2] ?? 0) }
  const run: LabRun = { intervalSeconds, seconds: secondsSoFar(), ...machine, results, leftOut: leftOut() }
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(run, jsonOf, 1))
}

function secondsSoFar(): number {
  return Math.round((performance.now() - startedAt) / 1000)
}

function leftOut(): string[] {
  return wanted
    .filter((scenario) => !possible.includes(scenario))
    .map(({ fault, how, whyNot }) => `${fault}, ${how}: ${whyNot?.()}`)
}

function tell(results: readonly Result[]): void {
  const counted = values.again
    ? [...Map.groupBy(results, ({ scenario }) => scenario).values()]
    : results.map((one) => [one])
  const failed = counted.filter((runs) => 2 * runs.filter(({ passed }) => passed).length <= runs.length)
  const odd = results.filter(({ passed, scenario }) => !passed && !failed.some(([one]) => one?.scenario === scenario))
  const left = leftOut()
  process.stdout.write(`\n${tableOf(summariesOf(results))}\n${left.map((one) => `Left out: ${one}\n`).join('')}`)
  process.stdout.write(`in ${secondsSoFar()} s\n`)
  if (odd.length > 0) process.stdout.write(`\nOne of three, the others were right:\n${odd.map(indented).join('')}`)
  if (failed.length > 0) process.stdout.write(`\nFailed:\n${failed.flat().map(indented).join('')}`)
  const passed = counted.length - failed.length
  process.stdout.write(`\n${passed} passed, ${failed.length} failed, ${left.length} skipped\n`)
  const isIncomplete = process.env['CI'] === 'true' && left.length > 0
  if (isIncomplete) process.stderr.write('CI=true: nothing may be left out\n')
  process.exitCode = failed.length > 0 || results.length === 0 || isIncomplete ? 1 : 0
}

function indented(result: Result): string {
  return `  ${lineOf(result)}`
}

/** A regular expression is told by its source. */
function jsonOf(_: string, value: unknown): unknown {
  return value instanceof RegExp ? value.source : value
}
