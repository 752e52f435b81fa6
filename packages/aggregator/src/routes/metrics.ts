import type { FastifyPluginAsync } from 'fastify'
import type { Registry } from 'prom-client'
import { streamText } from '../http/stream-text.ts'
import { type FleetReading, fleetMetrics } from '../metrics-fleet.ts'
import { anyForm } from './any-form.ts'

export type MetricsOptions = {
  /** The aggregator's own metrics: a few hundred lines, made in one piece. */
  registry: Registry
  /** The fleet as it is now. */
  fleet: () => Promise<FleetReading>
}

/** `/metrics` in the Prometheus text format, streamed. */
export const metricsRoute: FastifyPluginAsync<MetricsOptions> = async (app, { registry, fleet }) => {
  const schema = {
    summary: 'Metrics in the Prometheus text format',
    produces: ['text/plain'],
    response: { 200: anyForm },
  }
  app.get('/metrics', { schema }, async (_request, reply) => {
    const [own, reading] = await Promise.all([registry.metrics(), fleet()])
    return reply.type(registry.contentType).send(streamText(together(own, reading)))
  })
}

function* together(own: string, reading: FleetReading): Generator<string, void, void> {
  yield own
  yield* fleetMetrics(reading)
}
