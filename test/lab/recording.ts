import { createReadStream, createWriteStream, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Finding, RecordedLine } from '@oddnode/protocol'
import type { Lab } from './cluster/lab.ts'
import { RECORDING_FILE } from './cluster/programs.ts'
import type { Scenario } from './scenario.ts'

/** Where recordings of real faults are kept: the regression tests of the diagnosis. */
export const incidents = join(import.meta.dirname, '../incidents')

/** The fault's name, and a number from its second scenario on. @param all the scenario among those of its fault */
export function recordingName(scenario: Scenario, all: readonly Scenario[]): string {
  const number = all.filter(({ fault }) => fault === scenario.fault).indexOf(scenario) + 1
  return number === 1 ? scenario.fault : `${scenario.fault}-${number}`
}

/** The file of a recording. */
export const recordingFile = (name: string): string => join(incidents, `${name}.jsonl.gz`)

/** Where the recording of a scenario that failed is left, for who asks why: `oddnode replay FILE`. */
export const failedFile = (name: string): string => join(tmpdir(), 'oddnode-lab-failed', `${name}.jsonl.gz`)

/** Every finding that opened so far, those that another one explains included. */
export function recordedFindings({ directory }: Lab): Finding[] {
  const whole = readFileSync(join(directory, RECORDING_FILE), 'utf8').split('\n').slice(0, -1)
  return whole.flatMap((row) => {
    const line: RecordedLine = JSON.parse(row)
    return line.kind === 'findings' ? line.opened : []
  })
}

/** Keeps what the aggregator of a lab has decided from so far, compressed; nothing where it did not even start. */
export async function keepRecording({ directory }: Lab, file: string): Promise<void> {
  const recording = join(directory, RECORDING_FILE)
  if (!existsSync(recording)) return
  mkdirSync(dirname(file), { recursive: true })
  await pipeline(createReadStream(recording), createGzip({ level: 9 }), createWriteStream(file))
}
