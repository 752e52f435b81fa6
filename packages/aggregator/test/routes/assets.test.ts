import { fastify } from 'fastify'
import t from 'tap'
import { scriptName } from '../../src/report/html/script.ts'
import { styleName } from '../../src/report/html/style.ts'
import { assets } from '../../src/routes/assets.ts'

t.test('style sheet and script, for ever, and by no other name', async (t) => {
  const app = fastify()
  t.teardown(() => app.close())
  await app.register(assets)
  const cases = [
    [styleName, 'text/css; charset=utf-8', ':root'],
    [scriptName, 'text/javascript; charset=utf-8', 'followReport'],
  ] as const
  for (const [name, type, part] of cases) {
    const answer = await app.inject(`/report/${name}`)
    t.equal(answer.headers['content-type'], type)
    t.match(answer.headers['cache-control'], 'immutable')
    t.equal(answer.headers['x-content-type-options'], 'nosniff')
    t.match(answer.body, part)
  }
  t.equal((await app.inject('/report/page-000000000000.js')).statusCode, 404)
})
