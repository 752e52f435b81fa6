import { EXIT_COULD_NOT_ASK, EXIT_FAULT, EXIT_WELL } from '../exit-codes.ts'
import { openReport, reasonOf } from './open-report.ts'
import { reportUrl } from './report-url.ts'

/** What a command prints, and how it ends. */
export type CommandResult = { exitCode: number; output: string; error: string }

/** A report that was read whole. */
export type ReadReport = { verdict: string; text: string } | { error: string }

/** A server that goes on sending a little is not waited for without end, nor read without end. */
const WHOLE_MILLISECONDS = 60_000
const MAX_OCTETS = 64 * 1024 * 1024

/** Reads the report of an aggregator as text. @param base as `aggregatorUrl` gives it. Never rejects */
export async function readReport(base: string, signal?: AbortSignal): Promise<ReadReport> {
  const url = reportUrl(base, 'txt')
  const whole = AbortSignal.timeout(WHOLE_MILLISECONDS)
  const opened = await openReport(url, signal ? AbortSignal.any([signal, whole]) : whole)
  if ('error' in opened) return opened
  try {
    return { verdict: opened.verdict, text: await textOf(opened.body) }
  } catch (error) {
    return { error: `${url} broke off: ${reasonOf(error)}` }
  }
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let octets = 0
  for await (const chunk of body) {
    octets += chunk.length
    if (octets > MAX_OCTETS) throw new Error(`more than ${MAX_OCTETS} octets`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

/**
 * `oddnode report URL`: the report of an aggregator as text.
 * @returns exit code 0 where all that was looked at is well, 2 where something fails or is degraded, 1 where the aggregator could not be
 * asked or knows nothing. Never rejects.
 */
export async function report(base: string, signal?: AbortSignal): Promise<CommandResult> {
  const read = await readReport(base, signal)
  return 'error' in read
    ? { exitCode: EXIT_COULD_NOT_ASK, output: '', error: read.error }
    : { exitCode: exitCodeOf(read.verdict), output: read.text, error: '' }
}

/** An aggregator that knows nothing is not well: a pipeline must not take it for that. */
export function exitCodeOf(verdict: string): number {
  if (verdict === 'failing' || verdict === 'degraded') return EXIT_FAULT
  return verdict === 'no-data' ? EXIT_COULD_NOT_ASK : EXIT_WELL
}
