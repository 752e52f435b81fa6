import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'

/** Describes the routes that are registered after it, from their schemas, as `/v1/openapi.json`. */
export async function openapi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'oddnode aggregator',
        version,
        description: 'Takes the rounds of the agents and tells which node is the odd one.',
      },
      components: { securitySchemes: { secret: { type: 'http', scheme: 'bearer' } } },
    },
  })
  app.get('/v1/openapi.json', { schema: { hide: true } }, async () => app.swagger())
}
