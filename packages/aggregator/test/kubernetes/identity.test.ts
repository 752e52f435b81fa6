import t from 'tap'
import { reviewToken } from '../../src/kubernetes/identity.ts'
import { startApiServer } from './api-server.ts'
import { connect } from './connect.ts'
import { knowing, refused, reviewed } from './token-reviews.ts'

t.test('a token names its node', async (t) => {
  const server = await startApiServer(t)
  server.answer = knowing({ good: reviewed('node-2') })
  const api = connect(t, server.address)
  t.strictSame(await reviewToken(api, 'good', 'oddnode'), { namespace: 'oddnode', node: 'node-2' })
  t.match(server.asked[0], {
    method: 'POST',
    body: { kind: 'TokenReview', spec: { token: 'good', audiences: ['oddnode'] } },
  })
  t.equal(await reviewToken(api, 'bad', 'oddnode'), null)
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
    t.equal(await reviewToken(api, token, 'oddnode'), null, token)
})

t.test('before Kubernetes 1.30 the pod tells the node', async (t) => {
  const server = await startApiServer(t)
  const pod = { metadata: { uid: 'u1' }, spec: { nodeName: 'node-3' } }
  const knows = knowing({
    good: reviewed(null, { pod: 'p', uid: 'u1' }),
    replaced: reviewed(null, { pod: 'p', uid: 'u0' }),
    gone: reviewed(null, { pod: 'gone', uid: 'u1' }),
    foreign: reviewed(null, { namespace: 'other', pod: 'p', uid: 'u1' }),
  })
  server.answer = (asked) => {
    if (asked.path === '/api/v1/namespaces/oddnode/pods/p') return { status: 200, body: pod }
    return knows(asked)
  }
  const api = connect(t, server.address)
  t.strictSame(await reviewToken(api, 'good', 'oddnode'), { namespace: 'oddnode', node: 'node-3' })
  t.strictSame(await reviewToken(api, 'replaced', 'oddnode'), { namespace: 'oddnode', node: null })
  t.strictSame(await reviewToken(api, 'gone', 'oddnode'), { namespace: 'oddnode', node: null })
  const before = server.asked.length
  t.strictSame(await reviewToken(api, 'foreign', 'oddnode'), { namespace: 'other', node: null })
  t.equal(server.asked.length, before + 1, 'pods of others are not looked up')
})

t.test('a token that is bound to nothing', async (t) => {
  const server = await startApiServer(t)
  const good = reviewed('node-2')
  const { user } = good.status
  server.answer = knowing({ loose: { ...good, status: { ...good.status, user: { ...user, extra: {} } } } })
  t.strictSame(await reviewToken(connect(t, server.address), 'loose', 'oddnode'), { namespace: 'oddnode', node: null })
})

t.test('an API that does not say', async (t) => {
  const server = await startApiServer(t)
  const api = connect(t, server.address)
  server.answer = () => ({ status: 500 })
  await t.rejects(reviewToken(api, 'good', 'oddnode'), /500/)
  const knows = knowing({ good: reviewed(null) })
  server.answer = (asked) => knows(asked) ?? { status: 403, body: { message: 'pods is forbidden' } }
  await t.rejects(reviewToken(api, 'good', 'oddnode'), /403 pods is forbidden/)
})
