import { createReadStream, createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Lab } from './cluster/lab.ts'
import { RECORDING_FILE } from './cluster/programs.ts'

/** Where recordings of real faults are kept: the regression tests of the diagnosis. */
export const incidents = join(import.meta.dirname, '../incidents')

/** Keeps what the aggregator of a lab has decided from so far, compressed. */
export async function keepRecording({ directory }: Lab, name: string): Promise<void> {
  mkdirSync(incidents, { recursive: true })
  await pipeline(
    createReadStream(join(directory, RECORDING_FILE)),
    createGzip({ level: 9 }),
    createWriteStream(join(incidents, `${name}.jsonl.gz`)),
  )
}
