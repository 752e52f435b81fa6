import type { FastifyPluginAsync } from 'fastify'

export type HealthOptions = {
  /** Whether the first evaluation is done. */
  isReady: () => boolean
}

/**
 * `/livez` says that the process answers, and depends on nothing else: a restart mends no target, no disk and no agent. `/readyz`
 * says that the report is worth reading.
 */
export const health: FastifyPluginAsync<HealthOptions> = async (app, { isReady }) => {
  app.get('/livez', async (_request, reply) => reply.type('text/plain; charset=utf-8').send('ok\n'))
  app.get('/readyz', async (_request, reply) => {
    const ready = isReady()
    return reply
      .code(ready ? 200 : 503)
      .type('text/plain; charset=utf-8')
      .send(ready ? 'ok\n' : 'not evaluated yet\n')
  })
}
