import { Agent, errors, request } from 'undici'

/** An answer whose head came; its body is still to be read. */
export type OpenReport = {
  /** `ok`, `degraded`, `failing` or `no-data`. */
  verdict: string
  /** Octets; ends with an error where the server falls silent or breaks off. */
  body: AsyncIterable<Uint8Array>
}

/** The longest silence of the aggregator, before and within its answer. */
const PATIENCE_MILLISECONDS = 10_000

/**
 * Asks an aggregator for a face of its report.
 * @param url of the face, `http://127.0.0.1:8530/report.txt`
 * @returns or why there is no report, in one sentence. Rejects only while the body is read
 */
export async function openReport(url: string, signal: AbortSignal): Promise<OpenReport | { error: string }> {
  const dispatcher = new Agent({
    allowH2: false,
    connect: { timeout: PATIENCE_MILLISECONDS },
    headersTimeout: PATIENCE_MILLISECONDS,
    bodyTimeout: PATIENCE_MILLISECONDS,
  })
  try {
    const { statusCode, headers, body } = await request(url, { dispatcher, signal })
    const verdict = headers['oddnode-verdict']
    // Whatever else answers 200: nothing is well that says nothing.
    if (statusCode === 200 && typeof verdict === 'string') return { verdict, body: whole(body, dispatcher) }
    await dispatcher.destroy()
    const what = statusCode === 200 ? 'is no report' : `answered ${statusCode}`
    const moment = new URL(url).searchParams.has('at') ? ', and does it know of that moment' : ''
    return { error: `${url} ${what}: is this an oddnode aggregator${moment}?` }
  } catch (error) {
    await dispatcher.destroy()
    return { error: `cannot ask ${url}: ${reasonOf(error)}` }
  }
}

async function* whole(body: AsyncIterable<Uint8Array>, dispatcher: Agent): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } finally {
    await dispatcher.destroy()
  }
}

/** The first error in words: an abort has a cause, and an attempt at several addresses one for each. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (isSilence(error)) return `no answer in ${PATIENCE_MILLISECONDS / 1000} s`
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message
}

const isSilence = (error: Error): boolean =>
  [errors.ConnectTimeoutError, errors.HeadersTimeoutError, errors.BodyTimeoutError].some(
    (kind) => error instanceof kind,
  )
