import t from 'tap'
import { testApp } from './test-app.ts'

t.test('the push is described from its schemas', async (t) => {
  const app = await testApp(t)
  const answer = await app.server.inject('/v1/openapi.json')
  t.equal(answer.statusCode, 200)
  const description = answer.json()
  t.match(description, { openapi: '3.1.0', info: { version: '0.1.0' } })
  const push = description.paths['/v1/agents/{node}/{vantage}/rounds/{round}'].put
  t.match(
    push.parameters.map(({ name }: { name: string }) => name),
    ['node', 'vantage', 'round'],
  )
  t.ok(push.requestBody.content['application/json'].schema.properties.samples)
  t.ok(push.responses['200'])
  t.ok(description.paths['/report.json'].get.responses['200'].content['application/json'].schema.properties.verdict)
  t.notOk(description.paths['/v1/openapi.json'])
})
