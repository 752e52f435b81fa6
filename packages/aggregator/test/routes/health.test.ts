import { fastify } from 'fastify'
import t from 'tap'
import { health } from '../../src/routes/health.ts'

t.test('alive at once, ready after the first evaluation', async (t) => {
  let ready = false
  const app = fastify()
  t.teardown(() => app.close())
  await app.register(health, { isReady: () => ready })
  t.equal((await app.inject('/livez')).statusCode, 200)
  t.equal((await app.inject('/readyz')).statusCode, 503)
  ready = true
  t.equal((await app.inject('/readyz')).statusCode, 200)
})
