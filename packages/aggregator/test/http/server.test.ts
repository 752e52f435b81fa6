import t from 'tap'
import { createServer } from '../../src/http/server.ts'

const limits = { bodyBytes: 1024, pushesPerSecond: 1, pushBurst: 1, agents: 1 }

t.test('errors of every kind are problems', async (t) => {
  const server = createServer({ limits, logLevel: 'silent' })
  t.teardown(() => server.close())
  server.put('/', async () => ({}))
  const cases = [
    [{ method: 'GET', url: '/nowhere' }, 404],
    [{ method: 'GET', url: '/%zz' }, 400],
    [{ method: 'PUT', url: '/', payload: '{', headers: { 'content-type': 'application/json' } }, 400],
    [{ method: 'PUT', url: '/', payload: 'a', headers: { 'content-type': 'text/csv' } }, 415],
    [
      {
        method: 'PUT',
        url: '/',
        payload: JSON.stringify('x'.repeat(2000)),
        headers: { 'content-type': 'application/json' },
      },
      413,
    ],
  ] as const
  for (const [request, status] of cases) {
    const answer = await server.inject(request)
    t.equal(answer.statusCode, status, `${request.method} ${request.url}`)
    t.match(answer.headers['content-type'], /^application\/problem\+json/)
    t.equal(answer.headers['x-content-type-options'], 'nosniff')
    t.match(answer.json(), { status, type: 'about:blank' })
  }
})

t.test('connections outlive the time between two pushes', async (t) => {
  const { server } = createServer({ limits, logLevel: 'silent' })
  t.ok(server.keepAliveTimeout > 18_000)
  t.equal(server.maxRequestsPerSocket, 0)
  t.ok(server.headersTimeout <= 10_000)
  t.ok(
    server.timeout > server.keepAliveTimeout && server.timeout <= 120_000,
    'a connection that never says a word ends too',
  )
})
