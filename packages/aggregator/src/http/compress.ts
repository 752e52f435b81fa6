import { createHash } from 'node:crypto'
import { pipeline, type Readable } from 'node:stream'
import { promisify } from 'node:util'
import { constants, createGzip, gzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

const gzipText = promisify(gzip)

/** What is shorter fits into a packet or two as it is. */
const SHORTEST = 1400
/** A page is read by many between two evaluations: it is compressed once for all of them. */
const MAX_KEPT = 16
/** Of a large report it makes a tenth, at a third of the time that the usual level takes. */
const options = { level: constants.Z_BEST_SPEED + 2 }

/** Compresses what this plugin's routes send, in libuv's threads, for readers that take gzip (RFC 9110 section 12.5.3). */
export function compressAnswers(app: FastifyInstance): void {
  const kept = new Map<string, Promise<Buffer>>()
  const once = (text: string): Promise<Buffer> => {
    const key = createHash('sha1').update(text).digest('base64')
    const body = kept.get(key) ?? gzipText(text, options)
    kept.delete(key)
    kept.set(key, body)
    for (const oldest of kept.keys()) if (kept.size > MAX_KEPT) kept.delete(oldest)
    return body
  }
  app.addHook('onSend', async (request, reply, payload) => {
    if (!isText(payload) || (typeof payload === 'string' && payload.length < SHORTEST)) return payload
    varyByEncoding(reply)
    if (!takesGzip(request)) return payload
    reply.header('content-encoding', 'gzip')
    reply.removeHeader('content-length')
    // A reader who leaves ends both: there is nobody to tell of an error.
    return typeof payload === 'string' ? once(payload) : pipeline(payload, createGzip(options), () => {})
  })
}

const isText = (payload: unknown): payload is string | Readable =>
  typeof payload === 'string' || (typeof payload === 'object' && payload !== null && 'pipe' in payload)

function varyByEncoding(reply: FastifyReply): void {
  const vary = reply.getHeader('vary')
  reply.header('vary', vary === undefined ? 'accept-encoding' : `${String(vary)}, accept-encoding`)
}

/** `gzip;q=0` is a refusal. */
function takesGzip({ headers }: FastifyRequest): boolean {
  const codings = String(headers['accept-encoding'] ?? '')
    .toLowerCase()
    .split(',')
  const gzipped = codings.map((coding) => coding.trim()).find((coding) => /^(x-)?gzip\b/.test(coding))
  return gzipped !== undefined && !/;\s*q=0(\.0*)?$/.test(gzipped)
}
