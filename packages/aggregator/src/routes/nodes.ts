import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { ReportNode } from '@oddnode/protocol'
import { NodeDiff, NodeReport, Problem } from '@oddnode/protocol/schema'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { diffHtml } from '../report/html/diff-page.ts'
import { nodeHtml } from '../report/html/node-page.ts'
import type { Moment } from '../report/model/moment.ts'
import { nodeDiffOf } from '../report/model/node-diff.ts'
import { nodeReportOf } from '../report/model/node-report.ts'
import type { Reporter } from '../report/model/reporter.ts'
import { diffText } from '../report/text/diff.ts'
import { nodeText } from '../report/text/node.ts'
import { type Face, faceByAccept, faceOf, faces, sendForm, splitSuffix } from './faces.ts'
import { atParameter, momentOf, pastOf } from './moment-of.ts'
import { noSuchNode } from './no-such.ts'
import { answerReportError } from './report-error.ts'

const nodeName = (description: string) => Type.String({ minLength: 1, maxLength: 1024, description })
const params = Type.Object({
  name: nodeName('The name of a node; `.json`, `.txt` or `.html` behind it chooses the form.'),
})
const nodeQuery = Type.Object(atParameter, { additionalProperties: false })
const diffQuery = Type.Object(
  { a: nodeName('The name of a node.'), b: nodeName('The name of the node to lay beside it.'), ...atParameter },
  { additionalProperties: false },
)

/** `/report/nodes/:name` and `/report/diff?a=&b=`, each as page, JSON and text. */
export const nodes: FastifyPluginAsyncTypebox<{ reporter: Reporter }> = async (app, { reporter }) => {
  app.setErrorHandler(answerReportError)
  app.get(
    '/report/nodes/:name',
    {
      schema: {
        summary: 'One node, as page, JSON or text: everything that is known of it, and the findings that name it',
        produces: [...faces],
        params,
        querystring: nodeQuery,
        response: { 200: NodeReport, '4xx': Problem },
      },
    },
    async (request, reply) => {
      const moment = await momentOf(reporter, request.query)
      const { node, face } = nodeAndFace(request, moment, request.params.name)
      const model = nodeReportOf(moment, node)
      return sendForm(request, reply, face, {
        'text/html': () => nodeHtml(model, '../../', pastOf(moment)),
        'application/json': () => JSON.stringify(model),
        'text/plain': () => nodeText(model),
      })
    },
  )

  for (const suffix of ['', '.html', '.json', '.txt'] as const) {
    app.get(
      `/report/diff${suffix}`,
      {
        schema: {
          summary: `What differs between two nodes, ${forms[suffix].title}`,
          produces: [...forms[suffix].types],
          querystring: diffQuery,
          response: { 200: NodeDiff, '4xx': Problem },
        },
      },
      async (request, reply) => {
        const moment = await momentOf(reporter, request.query)
        const { a, b } = request.query
        const diff = nodeDiffOf(moment, nodeOf(moment, a), nodeOf(moment, b))
        return sendForm(request, reply, faceOf(request), {
          'text/html': () => diffHtml(diff, '../', pastOf(moment)),
          'application/json': () => JSON.stringify(diff),
          'text/plain': () => diffText(diff),
        })
      },
    )
  }
}

/** The forms of an address by its suffix, in words. */
const forms = {
  '': { title: 'by the header Accept', types: [...faces] },
  '.html': { title: 'as page', types: ['text/html'] },
  '.json': { title: 'as JSON', types: ['application/json'] },
  '.txt': { title: 'as text', types: ['text/plain'] },
} as const

/** A node's name may end in what looks like a suffix: the whole of it comes first. */
function nodeAndFace(request: FastifyRequest, moment: Moment, name: string): { node: ReportNode; face: Face } {
  const whole = moment.node(name)
  if (whole !== null) return { node: whole, face: faceByAccept(request) }
  const split = splitSuffix(name)
  return { node: nodeOf(moment, split?.name ?? name), face: split?.face ?? faceByAccept(request) }
}

function nodeOf(moment: Moment, name: string): ReportNode {
  const node = moment.node(name)
  if (node === null) throw noSuchNode(name, moment)
  return node
}
