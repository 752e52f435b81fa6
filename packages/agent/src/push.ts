import type { Agent as HttpAgent, IncomingMessage, RequestOptions } from 'node:http'
import { Agent, request } from './http.ts'

/** What came of one request. */
export type PushResult = PushAnswered | { kind: 'failed'; error: string }

/** T1 and T4 in Unix seconds on this node's clock, for the clock sample. */
export type PushAnswered = {
  kind: 'answered'
  status: number
  body: string
  retryAfterSeconds: number | null
  sentAt: number
  receivedAt: number
}

export type PushRequest = {
  url: string
  body: string
  token: string | null
  timeoutSeconds: number
  /** A clock in Unix seconds, anchored for this push. */
  unixSeconds: () => number
}

/** One kept-alive connection: a push each round is cheaper than a handshake each round. */
export type Connection = {
  /** Resolves for every failure. @throws never */
  push: (push: PushRequest) => Promise<PushResult>
  /** Ends what is under way, as failed. */
  close: () => void
}

/** Larger answers than any plan are not read on. */
const MAX_ANSWER_OCTETS = 4 * 1024 * 1024
/** A `Retry-After` above this is a mistake: an agent that is silent for long is a finding. */
const LONGEST_RETRY_AFTER_SECONDS = 300

export function openConnection(): Connection {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return { push: (push) => send(agent, push), close: () => agent.destroy() }
}

async function send(agent: HttpAgent, push: PushRequest): Promise<PushResult> {
  try {
    return await sendOnce(agent, push)
  } catch (error) {
    // Thrown before anything is sent, for a URL or a token that no request can have.
    return { kind: 'failed', error: reasonOf(error as NodeJS.ErrnoException) }
  }
}

async function sendOnce(agent: HttpAgent, push: PushRequest): Promise<PushResult> {
  const octets = Buffer.from(push.body)
  const options: RequestOptions = {
    method: 'PUT',
    agent,
    headers: {
      'content-type': 'application/json',
      'content-length': octets.length,
      ...(push.token === null ? {} : { authorization: `Bearer ${push.token}` }),
    },
  }
  const result = await exchange(push, octets, options)
  // The server closed the idle connection while the request was on its way: it never saw it (RFC 9112 section 9.3.1).
  return 'stale' in result ? exchangeFresh(push, octets, options) : result
}

async function exchangeFresh(push: PushRequest, octets: Buffer, options: RequestOptions): Promise<PushResult> {
  const result = await exchange(push, octets, options)
  return 'stale' in result ? { kind: 'failed', error: result.stale } : result
}

/** @returns `stale` with its error where a kept-alive connection turned out to be closed */
function exchange(
  { url, timeoutSeconds, unixSeconds }: PushRequest,
  octets: Buffer,
  options: RequestOptions,
): Promise<PushResult | { stale: string }> {
  return new Promise((resolve) => {
    let answering = false
    const outgoing = request(url, options)
    const timer = setTimeout(
      () => outgoing.destroy(new Error(`no answer within ${timeoutSeconds} s`)),
      timeoutSeconds * 1000,
    )
    outgoing.once('close', () => {
      clearTimeout(timer)
      // A switch of protocols that nobody asked for is neither an answer nor an error.
      if (!answering) resolve({ kind: 'failed', error: 'the connection closed without an answer' })
    })
    outgoing.once('error', (error: NodeJS.ErrnoException) => {
      const stale = outgoing.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
      resolve(stale ? { stale: reasonOf(error) } : { kind: 'failed', error: reasonOf(error) })
    })
    outgoing.once('response', (answer) => {
      answering = true
      const receivedAt = unixSeconds()
      readBody(answer).then(
        (body) => resolve({ ...answeredOf(answer, body), sentAt, receivedAt }),
        (error) => resolve({ kind: 'failed', error: reasonOf(error) }),
      )
    })
    const sentAt = unixSeconds()
    outgoing.end(octets)
  })
}

async function readBody(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of answer as AsyncIterable<Buffer>) {
    length += part.length
    if (length > MAX_ANSWER_OCTETS) throw new Error('the answer is larger than any plan')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

const answeredOf = (answer: IncomingMessage, body: string) => ({
  kind: 'answered' as const,
  status: answer.statusCode ?? 0,
  body,
  retryAfterSeconds: secondsOf(answer.headers['retry-after']),
})

const reasonOf = ({ code, message }: NodeJS.ErrnoException): string => code ?? message

/** Only the form in seconds (RFC 9110 section 10.2.3): our aggregator sends no date, since clocks are on trial. */
function secondsOf(retryAfter: string | undefined): number | null {
  if (retryAfter === undefined || !/^\d+$/.test(retryAfter)) return null
  return Math.min(Number(retryAfter), LONGEST_RETRY_AFTER_SECONDS)
}
