// libfaketime without its wrapper program: that one makes a semaphore named after its process id, which a killed process leaves behind, and
// fails when the id comes round again.
import { globSync } from 'node:fs'

/** Where Debian keeps the library; undefined where it is not installed. */
const library = globSync('/usr/lib/*/faketime/libfaketime.so.1')[0]

/** Why no process can be given a clock of its own here, or null. */
export const whyNoFaketime = (): string | null =>
  library === undefined ? 'the library libfaketime (package faketime) is not installed' : null

/**
 * Environment of a process whose wall clock is off; durations stay true.
 * @param setting as in faketime(1), `+94s`, or the file that it is read from at each look
 */
export function skewedClock(setting: { offset: string } | { file: string }): Record<string, string> {
  const told: Record<string, string> =
    'file' in setting ? { FAKETIME_TIMESTAMP_FILE: setting.file, FAKETIME_NO_CACHE: '1' } : { FAKETIME: setting.offset }
  return { LD_PRELOAD: library ?? '', FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1', ...told }
}
