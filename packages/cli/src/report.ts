import { EXIT_CONFIGURATION } from '@oddnode/protocol/configuration'
import { Agent, request } from 'undici'
import { EXIT_COULD_NOT_ASK, EXIT_FAULT, EXIT_WELL } from './exit-codes.ts'

/** What a command prints, and how it ends. */
export type CommandResult = { exitCode: number; output: string; error: string }

const TIMEOUT_MILLISECONDS = 10_000
/** A server that goes on sending a little is not waited for without end. */
const WHOLE_MILLISECONDS = 60_000
const MAX_OCTETS = 64 * 1024 * 1024

/**
 * `oddnode report URL`: the report of an aggregator as text.
 * @param url of the aggregator or of its report, `http://127.0.0.1:8530`
 * @returns exit code 0 where all that was looked at is well, 2 where something fails or is degraded, 1 where the aggregator
 * could not be asked, 78 where the URL is none. Never throws.
 */
export async function report(url: string): Promise<CommandResult> {
  const base = baseOf(url)
  if (base === null) {
    const error = `"${url}" is no URL: allowed is http://HOST:PORT or https://…`
    return { exitCode: EXIT_CONFIGURATION, output: '', error }
  }
  const dispatcher = new Agent({
    allowH2: false,
    connect: { timeout: TIMEOUT_MILLISECONDS },
    headersTimeout: TIMEOUT_MILLISECONDS,
    bodyTimeout: TIMEOUT_MILLISECONDS,
    maxResponseSize: MAX_OCTETS,
  })
  try {
    const signal = AbortSignal.timeout(WHOLE_MILLISECONDS)
    const answer = await request(`${base}/report.txt`, { dispatcher, signal })
    const text = await answer.body.text()
    if (answer.statusCode !== 200)
      return couldNotAsk(`${base}/report.txt answered ${answer.statusCode}: is this an oddnode aggregator?`)
    const verdict = answer.headers['oddnode-verdict']
    // Whatever else answers 200: nothing is well that says nothing.
    if (verdict === undefined) return couldNotAsk(`${base}/report.txt is no report: is this an oddnode aggregator?`)
    return { exitCode: exitCodeOf(verdict), output: text, error: '' }
  } catch (error) {
    return couldNotAsk(`cannot ask ${base}: ${reasonOf(error)}`)
  } finally {
    await dispatcher.destroy()
  }
}

const couldNotAsk = (error: string): CommandResult => ({ exitCode: EXIT_COULD_NOT_ASK, output: '', error })

/** `ok` and `no-data` are no fault: nothing was found, and the text says what was not looked at. */
const exitCodeOf = (verdict: string | string[]): number =>
  verdict === 'failing' || verdict === 'degraded' ? EXIT_FAULT : EXIT_WELL

function baseOf(url: string): string | null {
  if (!URL.canParse(url)) return null
  const { protocol, origin, pathname } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:') return null
  return `${origin}${pathname.replace(/\/(report(\.(txt|json|html))?)?$/, '')}`
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return code === undefined || message.includes(code) ? message : `${code}: ${message}`
}
