import t from 'tap'
import { type Right, watchRights } from '../../src/kubernetes/rights.ts'
import { type Answer, startApiServer, until } from './api-server.ts'
import { connect } from './connect.ts'
import { eventRight as events, reviewRight as reviews } from './wanted-rights.ts'

async function watching(t: Parameters<typeof connect>[0], rights: readonly Right[], answer: Answer) {
  const server = await startApiServer(t)
  server.answer = () => answer
  let changes = 0
  const watch = watchRights({ api: connect(t, server.address), rights, onChange: () => changes++ })
  t.teardown(() => watch.close())
  return { server, watch, changes: () => changes }
}

t.test('what the API server would not grant is told, with what needs it', async (t) => {
  const { server, watch, changes } = await watching(t, [events, reviews], {
    status: 201,
    body: { status: { allowed: false } },
  })
  await until('both are told', () => watch.lacking().length === 2)
  t.strictSame(watch.lacking(), [
    'The Kubernetes API does not let oddnode create events in namespace default, which events.enabled needs; hidden: findings in the events of nodes.',
    'The Kubernetes API does not let oddnode create tokenreviews.authentication.k8s.io, which auth.mode needs; hidden: agents.',
  ])
  t.equal(changes(), 2)
  t.match(server.asked[0], {
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb: 'create', group: '', resource: 'events', namespace: 'default' } },
    },
  })
})

t.test('what is granted, and what nobody says, is not told', async (t) => {
  for (const answer of [
    { status: 201, body: { status: { allowed: true } } },
    { status: 403, body: { message: 'forbidden' } },
  ]) {
    const { server, watch, changes } = await watching(t, [events, reviews], answer)
    await until('both are asked for', () => server.asked.length === 2)
    t.strictSame(watch.lacking(), [])
    t.equal(changes(), 0)
  }
})

t.test('where nothing is needed nothing is asked', async (t) => {
  const { server, watch } = await watching(t, [], { status: 500 })
  t.strictSame(watch.lacking(), [])
  t.equal(server.asked.length, 0)
})
