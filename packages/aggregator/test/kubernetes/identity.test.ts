import t from 'tap'
import { reviewToken } from '../../src/kubernetes/identity.ts'
import { startApiServer } from './api-server.ts'
import { connect } from './connect.ts'
import { knowing, refused, reviewed } from './token-reviews.ts'

t.test('a token names its node', async (t) => {
  const server = await startApiServer(t)
  server.answer = knowing({ good: reviewed('node-2') })
  const api = connect(t, server.address)
  t.strictSame(await reviewToken(api, 'good'), { namespace: 'oddnode', node: 'node-2' })
  t.match(server.asked[0], {
    method: 'POST',
    body: { kind: 'TokenReview', spec: { token: 'good', audiences: ['oddnode'] } },
  })
  t.equal(await reviewToken(api, 'bad'), null)
})

t.test('what is no token of a service account for us', async (t) => {
  const server = await startApiServer(t)
  const good = reviewed('node-2')
  const { status } = good
  server.answer = knowing({
    refused,
    empty: {},
    user: { ...good, status: { ...status, user: { username: 'alice' } } },
    node: { ...good, status: { ...status, user: { username: 'system:node:node-2' } } },
    'unaware of audiences': { ...good, status: { ...status, audiences: ['https://kubernetes.default.svc'] } },
  })
  const api = connect(t, server.address)
  for (const token of ['refused', 'empty', 'user', 'node', 'unaware of audiences'])
    t.equal(await reviewToken(api, token), null, token)
})

t.test('a token that is bound to nothing', async (t) => {
  const server = await startApiServer(t)
  const good = reviewed('node-2')
  const { user } = good.status
  server.answer = knowing({ loose: { ...good, status: { ...good.status, user: { ...user, extra: {} } } } })
  t.strictSame(await reviewToken(connect(t, server.address), 'loose'), { namespace: 'oddnode', node: null })
})

t.test('an API that does not say', async (t) => {
  const server = await startApiServer(t)
  const api = connect(t, server.address)
  server.answer = () => ({ status: 500 })
  await t.rejects(reviewToken(api, 'good'), /500/)
})
