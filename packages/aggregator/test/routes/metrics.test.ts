import { fastify } from 'fastify'
import { Counter, Registry } from 'prom-client'
import t from 'tap'
import { metricsRoute } from '../../src/routes/metrics.ts'

t.test('the text format of Prometheus', async (t) => {
  const registry = new Registry()
  new Counter({ name: 'a_total', help: 'A.', registers: [registry] }).inc(3)
  const app = fastify()
  t.teardown(() => app.close())
  await app.register(metricsRoute, { registry })
  const answer = await app.inject('/metrics')
  t.match(answer.headers['content-type'], /^text\/plain; version=0\.0\.4/)
  t.match(answer.body, 'a_total 3')
})
