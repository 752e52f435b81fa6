// What every fuzz run of a parser asks: no throw, a property that holds, no case above 5 ms of CPU, no memory that grows.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc, { type Arbitrary } from 'fast-check'
import { cpuMilliseconds } from '../../packages/probes/test/cpu.ts'

const MOST_MILLISECONDS = 5
const USUAL_CASES = 100_000
const MOST_GROWTH_OCTETS = 4 * 2 ** 20
const BATCH = 5_000

export type Fuzzed<Input> = {
  /** Begins the one line that is printed. */
  name: string
  inputs: Arbitrary<Input>
  /** Parses it and says whether the result keeps its promises. */
  holds: (input: Input) => boolean
  /** Milliseconds of CPU that a case may take, where it is more than reading one message. */
  mostMilliseconds?: number
  /** How many cases a run has that names no number: fewer where a case is more than reading one message. */
  usualCases?: number
}

/** Runs as many cases as the first argument says (`usualCases`), from the second's seed (a random one). Exits 1 on a failure. */
export function fuzz<Input>({
  name,
  inputs,
  holds,
  mostMilliseconds = MOST_MILLISECONDS,
  usualCases = USUAL_CASES,
}: Fuzzed<Input>): void {
  const cases = Number(process.argv[2] ?? usualCases)
  const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 31))
  const property = fc.property(inputs, (input) => holdsInTime(input, holds, mostMilliseconds))
  let failures = 0
  let heapAtFirst: number | undefined
  for (let done = 0, batch = 0; done < cases; done += BATCH, batch++) {
    const run = fc.check(property, { numRuns: Math.min(BATCH, cases - done), seed: seed + batch })
    if (run.failed) {
      failures++
      process.stderr.write(`${fc.defaultReportMessage(run)}\n${run.errorInstance ?? ''}\n`)
    }
    if (batch === 1) heapAtFirst = heapUsed()
  }
  const growth = heapAtFirst === undefined ? 0 : heapUsed() - heapAtFirst
  if (growth > MOST_GROWTH_OCTETS) {
    failures++
    process.stderr.write(`memory grew by ${growth} octets\n`)
  }
  process.stdout.write(`${name}: ${cases} cases, ${failures} failures, seed ${seed}\n`)
  process.exitCode = failures > 0 ? 1 : 0
}

/** Another process may have had the processor: only what is slow again and again is slow. */
function holdsInTime<Input>(input: Input, holds: (input: Input) => boolean, most: number): boolean {
  const startedAt = performance.now()
  const held = holds(input)
  const slow = performance.now() - startedAt > most
  return held && !(slow && cpuMilliseconds(() => holds(input)) > most)
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function heapUsed(): number {
  // The memory of buffers is given back only as the next collection begins.
  collectGarbage()
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
