import type { FastifyPluginAsync } from 'fastify'
import { script, scriptName } from '../report/html/script.ts'
import { style, styleName } from '../report/html/style.ts'
import { securityHeaders } from './faces.ts'

const files = [
  { name: styleName, type: 'text/css; charset=utf-8', text: style },
  { name: scriptName, type: 'text/javascript; charset=utf-8', text: script },
]

/** The style sheet and the script of the pages: their names change with their content, so a browser keeps them for ever. */
export const assets: FastifyPluginAsync = async (app) => {
  for (const { name, type, text } of files) {
    app.get(`/report/${name}`, { schema: { hide: true } }, async (_request, reply) =>
      reply
        .type(type)
        .headers({ ...securityHeaders, 'cache-control': 'public, max-age=31536000, immutable' })
        .send(text),
    )
  }
}
