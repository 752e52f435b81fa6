import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { Report } from '@oddnode/protocol'
import { Report as ReportSchema } from '@oddnode/protocol/schema'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { chooseByAccept } from '../http/accept.ts'
import { reportHtml } from '../report/html.ts'
import { leftOut } from '../report/matrix.ts'
import type { Reporter } from '../report/reporter.ts'
import { style, styleName } from '../report/style.ts'
import { reportText } from '../report/text.ts'

export type ReportOptions = { reporter: Reporter }

/** The policy of style.css and nothing else: no script, no other host, no frame (https://www.w3.org/TR/CSP3/). */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const faces = {
  'text/html': (report: Report) => reportHtml(report, `report/${styleName}`),
  'application/json': (report: Report) => JSON.stringify(report),
  'text/plain': reportText,
}
type Face = keyof typeof faces

/** A parameter that means nothing here is an error: a reader of `?at=` must not take the present for the past. */
const querystring = Type.Object({}, { additionalProperties: false })

/** `/report` by `Accept`, `/report.html`, `/report.json`, `/report.txt`: one view model, three faces. */
export const report: FastifyPluginAsync<ReportOptions> = async (app, { reporter }) => {
  const render = createRenderer(reporter.current)

  function send(face: Face, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    // A command line learns how things stand without reading the text.
    reply.headers({
      'cache-control': 'no-store',
      'oddnode-verdict': reporter.current().verdict.state,
      ...securityHeaders,
    })
    if (face === 'application/json' && leftOut(reporter.current()) !== null) {
      return reply
        .type(`${face}; charset=utf-8`)
        .send(Readable.from(unhurried(reporter.whole()), { objectMode: false }))
    }
    const { body, etag } = render(face)
    reply.header('etag', etag)
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    return reply.type(`${face}; charset=utf-8`).send(body)
  }

  app.get('/', async (_request, reply) => reply.code(302).header('location', 'report').send())
  app.get('/report', { schema: { querystring } }, async (request, reply) => {
    reply.header('vary', 'accept')
    return send(chooseByAccept(request.headers.accept, ['text/html', 'application/json', 'text/plain']), request, reply)
  })
  app.get('/report.html', { schema: { querystring } }, async (request, reply) => send('text/html', request, reply))
  app.get('/report.json', { schema: { querystring, response: { 200: ReportSchema } } }, async (request, reply) =>
    // A string: the schema describes it, and JSON.stringify is faster than serialising by it.
    send('application/json', request, reply),
  )
  app.get('/report.txt', { schema: { querystring } }, async (request, reply) => send('text/plain', request, reply))
  app.get(`/report/${styleName}`, async (_request, reply) =>
    reply
      .type('text/css; charset=utf-8')
      .headers({ 'cache-control': 'public, max-age=31536000, immutable', ...securityHeaders })
      .send(style),
  )
}

const securityHeaders = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

/** Pieces that are made between two breaths of the event loop: some milliseconds of work. */
const PIECES = 20

/** Lets pushes in while a large report is made. */
async function* unhurried(pieces: Iterable<string>): AsyncGenerator<string, void, void> {
  let batch: string[] = []
  for (const piece of pieces) {
    batch.push(piece)
    if (batch.length < PIECES) continue
    yield batch.join('')
    batch = []
    await setImmediate()
  }
  yield batch.join('')
}

type Rendered = { body: string; etag: string }

/** Renders each face of a report once, however often it is read. */
function createRenderer(current: () => Report): (face: Face) => Rendered {
  let rendered: Report | undefined
  const bodies = new Map<Face, Rendered>()
  return (face) => {
    const latest = current()
    if (latest !== rendered) bodies.clear()
    rendered = latest
    const known = bodies.get(face)
    if (known) return known
    const body = faces[face](latest)
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
    bodies.set(face, { body, etag })
    return { body, etag }
  }
}
