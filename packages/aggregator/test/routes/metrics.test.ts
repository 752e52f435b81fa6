import { fastify } from 'fastify'
import { Counter, Registry } from 'prom-client'
import t from 'tap'
import { metricsRoute } from '../../src/routes/metrics.ts'
import { momentOf } from '../sample-moment.ts'

t.test('the text format of Prometheus: first what is its own, then the fleet', async (t) => {
  const registry = new Registry()
  new Counter({ name: 'a_total', help: 'A.', registers: [registry] }).inc(3)
  const app = fastify()
  t.teardown(() => app.close())
  await app.register(metricsRoute, {
    registry,
    fleet: async () => ({ moment: momentOf([]), agents: [], now: 0, rejected: () => 4 }),
  })
  const answer = await app.inject('/metrics')
  t.match(answer.headers['content-type'], /^text\/plain; version=0\.0\.4/)
  t.match(answer.body, /^# HELP a_total A\.\n# TYPE a_total counter\na_total 3\n# HELP oddnode_finding_active /)
  t.match(answer.body, 'oddnode_agents{vantage="host",status="rejected"} 4\n')
})
