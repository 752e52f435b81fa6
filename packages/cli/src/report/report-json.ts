import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { EXIT_COULD_NOT_ASK } from '../exit-codes.ts'
import { visibleJsonStream } from '../terminal/json-text.ts'
import { openReport, reasonOf } from './open-report.ts'
import { type CommandResult, exitCodeOf } from './report.ts'
import { reportUrl } from './report-url.ts'

/**
 * `oddnode report URL --json`: the report as the aggregator sends it, passed on piece by piece: that of 10,000 nodes fits no string.
 * @param into is left open
 * @returns the exit code as of `report`; `output` is empty. Never rejects
 */
export async function reportJson(base: string, into: Writable, signal: AbortSignal): Promise<CommandResult> {
  const url = reportUrl(base, 'json')
  const opened = await openReport(url, signal)
  if ('error' in opened) return { exitCode: EXIT_COULD_NOT_ASK, output: '', error: opened.error }
  try {
    await pipeline(Readable.from(opened.body), visibleJsonStream(), into, { end: false })
    into.write('\n')
    return { exitCode: exitCodeOf(opened.verdict), output: '', error: '' }
  } catch (error) {
    return { exitCode: EXIT_COULD_NOT_ASK, output: '', error: `${url} broke off: ${reasonOf(error)}` }
  }
}
