// `npm run lab [-- NAME…]`: every fault of the catalogue that a machine can make happen, in clusters of network namespaces, or only those
// whose names begin so. `--json FILE` writes what came of it for the table in docs/, `--record` keeps the recordings in test/incidents/.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { allScenarios } from './all-scenarios.ts'
import { closeAllClusters } from './cluster/cluster.ts'
import { sweepNamespaces } from './cluster/namespaces.ts'
import { type Result, runScenario } from './run-scenario.ts'
import type { Scenario } from './scenario.ts'
import { tableOf } from './table.ts'
import { whyNoLab } from './why-not.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    record: { type: 'boolean', default: false },
    side: { type: 'string', default: '2' },
  },
})
const why = whyNoLab()
if (why !== null) {
  process.stdout.write(`Left out: ${why}\n`)
  process.exit(0)
}

await sweepNamespaces()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void closeAllClusters().finally(() => process.exit(1)))

const wanted = (await allScenarios()).filter(
  ({ fault }) => positionals.length === 0 || positionals.some((name) => fault.startsWith(name)),
)
const possible = wanted.filter(({ whyNot }) => (whyNot?.() ?? null) === null)
const startedAt = performance.now()
const results = await sideBySide(possible, Number(values.side))
tell(results)

/** So many at a time; a busy machine is part of the trial, a starved one is not. */
async function sideBySide(scenarios: readonly Scenario[], width: number): Promise<Result[]> {
  const rest = [...scenarios]
  const done: Result[] = []
  const worker = async () => {
    for (let next = rest.shift(); next; next = rest.shift()) {
      const result = await runScenario(next, values.record ? recordingName(next) : null)
      done.push(result)
      process.stdout.write(lineOf(result))
    }
  }
  await Promise.all(Array.from({ length: width }, worker))
  return done.sort((a, b) => scenarios.indexOf(a.scenario) - scenarios.indexOf(b.scenario))
}

/** The fault's name, and a number from its second scenario on. */
function recordingName(scenario: Scenario): string {
  const { fault } = scenario
  const number = wanted.filter((one) => one.fault === fault).indexOf(scenario) + 1
  return number === 1 ? fault : `${fault}-${number}`
}

function lineOf({ scenario: { fault, how }, passed, openSeconds, closeSeconds, trouble }: Result): string {
  const times = `open ${openSeconds?.toFixed(1) ?? '–'} s, close ${closeSeconds?.toFixed(1) ?? '–'} s`
  return `${passed ? 'ok    ' : 'FAILED'} ${fault}: ${how} (${times})\n${passed ? '' : `${trouble}\n`}`
}

function tell(results: readonly Result[]): void {
  const leftOut = wanted.filter((scenario) => !possible.includes(scenario))
  process.stdout.write(`\n${tableOf(results)}\n`)
  for (const { fault, how, whyNot } of leftOut) process.stdout.write(`Left out: ${fault}, ${how}: ${whyNot?.()}\n`)
  const failed = results.filter(({ passed }) => !passed).length
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
  process.stdout.write(
    `${results.length - failed} passed, ${failed} failed, ${leftOut.length} skipped, in ${seconds} s\n`,
  )
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(results, jsonOf, 1))
  process.exitCode = failed > 0 || results.length === 0 ? 1 : 0
}

/** A regular expression is told by its source. */
function jsonOf(_: string, value: unknown): unknown {
  return value instanceof RegExp ? value.source : value
}
