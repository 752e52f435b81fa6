import { Problem, Report as ReportSchema } from '@oddnode/protocol/schema'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { streamText } from '../http/stream-text.ts'
import { type ReportQuery, reportHtmlInSteps } from '../report/html/report-page.ts'
import { type Moment, reportJson, reportOf } from '../report/model/moment.ts'
import type { Reporter } from '../report/model/reporter.ts'
import { createShelf, type Shelf } from '../report/model/shelf.ts'
import { inSlices } from '../report/model/slices.ts'
import { SHOWN_NODES } from '../report/model/view.ts'
import { reportText } from '../report/text/report.ts'
import { anyForm } from './any-form.ts'
import { assets } from './assets.ts'
import { type Face, faceOf, faces, type Rendered, rendered, securityHeaders, sendPage } from './faces.ts'
import { atParameter, momentOf, pastOf } from './moment-of.ts'
import { noSuchPage } from './no-such.ts'
import { nodeQueryOf, type PageParameters, pageParameters } from './page-query.ts'
import { answerReportError } from './report-error.ts'

export type ReportOptions = { reporter: Reporter }

const render: Readonly<Record<Face, (moment: Moment, query: ReportQuery) => Promise<string>>> = {
  'text/html': (moment, query) => inSlices(reportHtmlInSteps(moment, query)),
  'application/json': async (moment) => JSON.stringify(reportOf(moment)),
  'text/plain': async (moment) => reportText(reportOf(moment, SHOWN_NODES)),
}

/** A parameter that means nothing here is an error: a reader of `?at=` must not take the present for the past. */
const querystring = Type.Object(atParameter, { additionalProperties: false })
/** The page shows a part of a large cluster: its readers choose which. */
const pageQuerystring = Type.Object({ ...pageParameters, ...atParameter }, { additionalProperties: false })

/** `/report` by `Accept`, `/report.html`, `/report.json`, `/report.txt`: one moment, three faces. */
export const report: FastifyPluginAsync<ReportOptions> = async (app, { reporter }) => {
  const pageOf = createRenderer()
  app.setErrorHandler(answerReportError)

  async function answer(
    request: FastifyRequest<{ Querystring: PageParameters & { at?: string } }>,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const face = faceOf(request)
    const moment = await momentOf(reporter, request.query)
    // A command line learns how things stand without reading the text.
    reply.headers({ vary: 'accept', 'oddnode-verdict': moment.head.verdict.state })
    if (face === 'application/json' && moment.nodes.length > SHOWN_NODES) {
      reply.headers({ 'cache-control': 'no-store', ...securityHeaders })
      return reply.type(`${face}; charset=utf-8`).send(streamText(reportJson(moment)))
    }
    const query = { ...nodeQueryOf(request.query), at: pastOf(moment) }
    return sendPage(request, reply, face, await pageOf(moment, face, query))
  }

  app.get('/', { schema: { hide: true } }, async (_request, reply) =>
    reply.code(302).header('location', 'report').send(),
  )
  // Relative addresses on the page would lead elsewhere from there.
  app.get('/report/', { schema: { hide: true } }, async ({ url }, reply) =>
    reply
      .code(302)
      .header('location', `../report${url.slice(url.indexOf('/report/') + '/report/'.length)}`)
      .send(),
  )
  // What is typed in a browser is answered there, and not with a Problem in JSON.
  app.get('/report/*', { schema: { hide: true } }, async ({ url }) => {
    throw noSuchPage(url.split('?', 1)[0] ?? url)
  })
  app.get(
    '/report',
    {
      schema: {
        summary: 'The report as page, JSON or text, by the header Accept',
        description: REPORT_DESCRIPTION,
        produces: [...faces],
        querystring: pageQuerystring,
        response: { 200: anyForm, '4xx': Problem },
      },
    },
    answer,
  )
  app.get(
    '/report.html',
    {
      schema: {
        summary: 'The report as page',
        produces: ['text/html'],
        querystring: pageQuerystring,
        response: { 200: anyForm },
      },
    },
    answer,
  )
  // A string: the schema describes it, and JSON.stringify is faster than serialising by it.
  app.get(
    '/report.json',
    { schema: { summary: 'The report as JSON', querystring, response: { 200: ReportSchema, '4xx': Problem } } },
    answer,
  )
  app.get(
    '/report.txt',
    {
      schema: {
        summary: 'The report as text, for a terminal or a ticket',
        produces: ['text/plain'],
        querystring,
        response: { 200: anyForm },
      },
    },
    answer,
  )
  await app.register(assets)
}

const REPORT_DESCRIPTION = [
  'The header `oddnode-verdict` of the answer is the state of the verdict. `q`, `state`, `fold` and `page` choose the nodes that the page shows; JSON has them all.',
  'With `at`, the report as it was told at that moment; 400 or 404 with a sentence where there is none.',
].join(' ')

/** Pages of one moment that are kept: what its readers chose last. */
const KEPT_PAGES = 32

/** Renders what is asked of a moment once, however many ask for it at the same time. */
function createRenderer(): (moment: Moment, face: Face, query: ReportQuery) => Promise<Rendered> {
  const known = new WeakMap<Moment, Shelf<string, Promise<Rendered>>>()
  return (moment, face, query) => {
    const pages = known.get(moment) ?? createShelf(KEPT_PAGES)
    known.set(moment, pages)
    // Only the page is chosen from.
    const key = face === 'text/html' ? `${face} ${JSON.stringify(query)}` : face
    const page = pages.get(key) ?? render[face](moment, query).then(rendered)
    pages.put(key, page)
    return page
  }
}
