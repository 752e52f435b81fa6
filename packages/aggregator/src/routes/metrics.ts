import type { FastifyPluginAsync } from 'fastify'
import type { Registry } from 'prom-client'

/** `/metrics` in the Prometheus text format. */
export const metricsRoute: FastifyPluginAsync<{ registry: Registry }> = async (app, { registry }) => {
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()))
}
