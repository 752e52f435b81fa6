import { createHash } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Incident } from '@oddnode/protocol'
import { Incident as IncidentSchema, Problem } from '@oddnode/protocol/schema'
import { Type } from 'typebox'
import { findingPageHtml } from '../report/html/finding-page.ts'
import { incidentHtml } from '../report/html/incident-page.ts'
import { style } from '../report/html/style.ts'
import type { Reporter } from '../report/model/reporter.ts'
import { incidentText } from '../report/text/incident.ts'
import { incidentMarkdown } from '../report/text/incident-markdown.ts'
import { anyForm } from './any-form.ts'
import { faceByAccept, faces, rendered, sendForm, sendPage, splitSuffix } from './faces.ts'
import { noSuchFinding } from './no-such.ts'
import { answerReportError } from './report-error.ts'

const params = Type.Object({
  id: Type.String({
    minLength: 1,
    maxLength: 64,
    description: 'The id of a finding; `.json`, `.txt` or `.html` behind it chooses the form.',
  }),
})
/** Where the path itself names the form. */
const idParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64, description: 'The id of a finding.' }) })
const querystring = Type.Object({}, { additionalProperties: false })

/** `/report/findings/:id`, as long as the finding is remembered, and the incident as a file to keep or to paste. */
export const findings: FastifyPluginAsyncTypebox<{ reporter: Reporter }> = async (app, { reporter }) => {
  app.setErrorHandler(answerReportError)
  async function incidentOf(id: string): Promise<Incident> {
    const incident = await reporter.incident(id)
    if (incident === null) throw noSuchFinding(id, await reporter.now())
    return incident
  }

  app.get(
    '/report/findings/:id',
    {
      schema: {
        summary: 'One finding, open or ended, as page, JSON or text: a permalink for as long as it is remembered',
        produces: [...faces],
        params,
        querystring,
        response: { 200: IncidentSchema, '4xx': Problem },
      },
    },
    async (request, reply) => {
      const { name, face } = splitSuffix(request.params.id) ?? {
        name: request.params.id,
        face: faceByAccept(request),
      }
      const incident = await incidentOf(name)
      return sendForm(request, reply, face, {
        'text/html': () => findingPageHtml(incident, '../../'),
        'application/json': () => JSON.stringify(incident),
        'text/plain': () => incidentText(incident),
      })
    },
  )

  for (const { suffix, title, type, write, headers } of files) {
    app.get(
      `/report/findings/:id/incident.${suffix}`,
      {
        schema: {
          summary: `The incident as ${title}`,
          produces: [type],
          params: idParams,
          querystring,
          response: { 200: suffix === 'json' ? IncidentSchema : anyForm, '4xx': Problem },
        },
      },
      async (request, reply) => {
        const incident = await incidentOf(request.params.id)
        return sendPage(request, reply, type, rendered(write(incident)), headers(incident))
      },
    )
  }
}

type IncidentFile = {
  suffix: string
  /** In the API's documentation. */
  title: string
  type: string
  write: (incident: Incident) => string
  headers: (incident: Incident) => Record<string, string>
}

/** What is kept comes as a download, what is pasted is shown. */
const files: readonly IncidentFile[] = [
  {
    suffix: 'html',
    title: 'one page that needs nothing else, to keep',
    type: 'text/html',
    write: incidentHtml,
    headers: (incident) => ({ 'content-security-policy': SELF_CONTAINED_POLICY, ...download(incident, 'html') }),
  },
  {
    suffix: 'json',
    title: 'JSON, to keep',
    type: 'application/json',
    write: (incident) => JSON.stringify(incident, null, 2),
    headers: (incident) => download(incident, 'json'),
  },
  { suffix: 'txt', title: 'text, to paste', type: 'text/plain', write: incidentText, headers: () => ({}) },
  {
    suffix: 'md',
    title: 'Markdown, to paste into a channel',
    type: 'text/markdown',
    write: incidentMarkdown,
    headers: () => ({}),
  },
]

const download = ({ finding }: Incident, suffix: string) => ({
  'content-disposition': `attachment; filename="oddnode-${finding.fault.replace(/[^a-z0-9-]/g, '')}-${finding.id}.${suffix}"`,
})

/** The one style that is in the file, by its hash (https://www.w3.org/TR/CSP3/#match-element-to-source-list), and nothing else. */
const SELF_CONTAINED_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')
