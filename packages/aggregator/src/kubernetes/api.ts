import { readFile } from 'node:fs/promises'
import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http'
import { Agent, request } from 'node:https'
import { text } from 'node:stream/consumers'

/** How the Kubernetes API is reached: over Node's own HTTPS client, so without a dependency (ADR 11). */
export type KubernetesApi = {
  /**
   * One request with a whole answer.
   * @throws ApiError for every answer but 2xx, for none within the time, and for one that is not JSON
   */
  ask: (asked: ApiRequest) => Promise<unknown>
  /**
   * A request whose answer comes piece by piece, as a watch's does.
   * @throws ApiError as `ask`; a stream that breaks later throws Node's error
   */
  stream: (asked: ApiRequest) => Promise<AsyncIterable<string>>
  close: () => void
}

export type ApiRequest = {
  method?: 'GET' | 'POST'
  /** Absolute path with query. */
  path: string
  body?: unknown
  /** For the whole of the answer. */
  timeoutSeconds: number
  /** For its beginning, where that should come sooner. */
  answerSeconds?: number
  signal?: AbortSignal
}

export type ApiOptions = {
  /** `https://address:port`; `http:` for tests. */
  address: string
  /** Read at each request: kubelet renews the token each hour. */
  tokenFile: string
  caFile: string
}

/** The API did not do what it was asked. */
export class ApiError extends Error {
  /** The HTTP status; null where there was no answer. */
  readonly status: number | null
  /** How long the API asks to be left alone. */
  readonly retryAfterSeconds: number | null

  constructor(message: string, status: number | null, options: { cause?: unknown; retryAfterSeconds?: number } = {}) {
    super(message, { cause: options.cause })
    this.status = status
    this.retryAfterSeconds = options.retryAfterSeconds ?? null
  }
}

/** Of an error answer as much as a sentence on the report may hold. */
const MAX_ERROR_CHARACTERS = 200
/** Each list-watch keeps a connection; reviews and events share the rest. */
const MAX_SOCKETS = 64
/** A peer that is gone without a word is noticed after this and ten probes a second apart. */
const KEEP_ALIVE_MILLISECONDS = 10_000

export function createKubernetesApi({ address, tokenFile, caFile }: ApiOptions): KubernetesApi {
  const base = new URL(address)
  const options = { keepAlive: true, keepAliveMsecs: KEEP_ALIVE_MILLISECONDS, maxSockets: MAX_SOCKETS }
  let agent: PlainAgent | Agent | null = null
  const ended = new AbortController()

  async function connection(): Promise<PlainAgent | Agent> {
    agent ??=
      base.protocol === 'https:' ? new Agent({ ...options, ca: await readFile(caFile) }) : new PlainAgent(options)
    return agent
  }

  async function send(asked: ApiRequest): Promise<IncomingMessage> {
    const { method = 'GET', path, body, timeoutSeconds, answerSeconds = timeoutSeconds, signal } = asked
    const isLate = new AbortController()
    const timer = setTimeout(() => isLate.abort(new Error(`silent for ${answerSeconds} s`)), answerSeconds * 1000)
    const signals = [
      ended.signal,
      isLate.signal,
      AbortSignal.timeout(timeoutSeconds * 1000),
      ...(signal ? [signal] : []),
    ]
    try {
      const token = (await readFile(tokenFile, 'utf8')).trim()
      return await exchange({
        url: new URL(path, base),
        method,
        agent: await connection(),
        headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body),
        signal: AbortSignal.any(signals),
      })
    } catch (error) {
      // A renewed certificate authority is read with the next connection.
      agent = null
      throw new ApiError(`no answer from ${base.host}: ${reasonOf(error)}`, null, { cause: error })
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    ask: async (asked) => {
      const response = await send(asked)
      const body = await bodyOf(response)
      if (!isOk(response)) throw refusal(response, body)
      return parse(body)
    },
    stream: async (asked) => {
      const response = await send(asked)
      if (!isOk(response)) throw refusal(response, await bodyOf(response))
      return response.setEncoding('utf8')
    },
    close: () => {
      ended.abort()
      agent?.destroy()
    },
  }
}

type Exchange = {
  url: URL
  method: string
  agent: PlainAgent | Agent
  headers: Record<string, string>
  body: string | undefined
  signal: AbortSignal
}

function exchange({ url, body, headers, ...options }: Exchange): Promise<IncomingMessage> {
  const sized =
    body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? request : plainRequest
    send(url, { ...options, headers: { ...headers, ...sized } })
      .once('response', resolve)
      .once('error', reject)
      .end(body)
  })
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  try {
    return await text(response)
  } catch (error) {
    throw new ApiError(`the answer broke off: ${reasonOf(error)}`, null, { cause: error })
  }
}

const isOk = ({ statusCode = 0 }: IncomingMessage) => statusCode >= 200 && statusCode < 300

function refusal({ statusCode = 0, headers }: IncomingMessage, body: string): ApiError {
  const seconds = Number(headers['retry-after'] ?? Number.NaN)
  return new ApiError(`${statusCode} ${messageOf(body)}`.trim(), statusCode, {
    ...(Number.isFinite(seconds) ? { retryAfterSeconds: seconds } : {}),
  })
}

/** The API's errors are `Status` objects with a message for people. */
function messageOf(body: string): string {
  try {
    const status: unknown = JSON.parse(body)
    if (typeof status === 'object' && status !== null && 'message' in status)
      return String(status.message).slice(0, MAX_ERROR_CHARACTERS)
  } catch {
    // A proxy in between answers in words of its own.
  }
  return body.slice(0, MAX_ERROR_CHARACTERS)
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch (error) {
    throw new ApiError('the answer is not JSON', null, { cause: error })
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'AbortError' && error.cause instanceof Error) return reasonOf(error.cause)
  return 'code' in error && typeof error.code === 'string' && error.message === '' ? error.code : error.message
}
