import type { FastifyPluginAsync } from 'fastify'
import { anyForm } from './any-form.ts'

export type HealthOptions = {
  /** Whether the first evaluation is done. */
  isReady: () => boolean
}

/**
 * `/livez` says that the process answers, and depends on nothing else: a restart mends no target, no disk and no agent. `/readyz`
 * says that the report is worth reading.
 */
export const health: FastifyPluginAsync<HealthOptions> = async (app, { isReady }) => {
  const lives = {
    summary: 'Whether the process answers; depends on nothing else',
    produces: ['text/plain'],
    response: { 200: anyForm },
  }
  app.get('/livez', { schema: lives }, async (_request, reply) => reply.type('text/plain; charset=utf-8').send('ok\n'))
  const ready = {
    summary: 'Whether the report is worth reading: 200 after the first evaluation, 503 before',
    produces: ['text/plain'],
    response: { 200: anyForm, 503: anyForm },
  }
  app.get('/readyz', { schema: ready }, async (_request, reply) => {
    const evaluated = isReady()
    return reply
      .code(evaluated ? 200 : 503)
      .type('text/plain; charset=utf-8')
      .send(evaluated ? 'ok\n' : 'not evaluated yet\n')
  })
}
