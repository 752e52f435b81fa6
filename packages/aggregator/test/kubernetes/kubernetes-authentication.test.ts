import t from 'tap'
import { kubernetesAuthentication } from '../../src/kubernetes/kubernetes-authentication.ts'
import { startApiServer } from './api-server.ts'
import { connect } from './connect.ts'
import { knowing, reviewed, reviewsAsked } from './token-reviews.ts'

type Test = Parameters<typeof connect>[0]

async function authenticating(t: Test, tokens: Record<string, unknown>, namespace: string | null = 'oddnode') {
  const server = await startApiServer(t)
  server.answer = knowing(tokens)
  let now = 1000
  const troubles: (string | null)[] = []
  const authentication = kubernetesAuthentication({
    api: connect(t, server.address),
    namespace,
    maxAgents: 100,
    now: () => now,
    onTrouble: (sentence) => troubles.push(sentence),
  })
  return {
    server,
    troubles,
    tokens,
    reviews: () => reviewsAsked(server.asked),
    who: (token: string, node = 'node-1') => authentication(`Bearer ${token}`, node),
    authentication,
    advance: (seconds: number) => {
      now += seconds
    },
  }
}

t.test('who may push for which node', async (t) => {
  const { who, authentication } = await authenticating(t, {
    good: reviewed('node-1'),
    neighbour: reviewed('node-2'),
    foreign: reviewed('node-1', { namespace: 'default' }),
  })
  t.equal(authentication(undefined, 'node-1'), 'missing')
  t.equal(await who('good'), 'accepted')
  t.equal(await who('neighbour'), 'another-node')
  t.equal(await who('neighbour', 'node-2'), 'accepted')
  t.equal(await who('foreign'), 'foreign')
  t.equal(await who('forged'), 'wrong')
})

t.test('where our own namespace is not known, nobody', async (t) => {
  const { who } = await authenticating(t, { good: reviewed('node-1') }, null)
  t.equal(await who('good'), 'foreign')
})

t.test('a known token is answered at once, for ten minutes at most', async (t) => {
  const { who, reviews, advance, tokens } = await authenticating(t, { good: reviewed('node-1') })
  await who('good')
  t.equal(who('good'), 'accepted', 'without a promise')
  advance(299)
  t.equal(who('good'), 'accepted')
  t.equal(reviews(), 1)
  delete tokens['good']
  advance(301)
  t.equal(await who('good'), 'wrong', 'revoked meanwhile')
  t.equal(reviews(), 2)
})

t.test('many pushes with one new token are one review', async (t) => {
  const { who, reviews } = await authenticating(t, { good: reviewed('node-1') })
  const verdicts = await Promise.all(Array.from({ length: 20 }, () => who('good')))
  t.strictSame(new Set(verdicts), new Set(['accepted']))
  t.equal(reviews(), 1)
})

t.test('the API is away: known agents go on, new ones wait', async (t) => {
  const { server, who, advance, troubles, reviews } = await authenticating(t, {
    good: reviewed('node-1'),
    late: reviewed('node-1'),
  })
  await who('good')
  await server.goAway()
  t.equal(await who('late'), 'unverified')
  t.match(troubles, [/no answer from/])
  advance(700)
  t.equal(await who('good'), 'accepted', 'long after its ten minutes')
  t.equal(await who('good', 'node-2'), 'another-node', 'but for its own node only')
  advance(86_400)
  t.equal(await who('good'), 'accepted')
  await server.comeBack()
  t.equal(await who('late'), 'unverified', 'the API is left alone for some seconds')
  advance(5)
  const before = reviews()
  t.equal(await who('late'), 'accepted')
  t.equal(await who('good'), 'accepted')
  t.equal(reviews(), before + 2, 'and the known one is looked at again')
  t.equal(troubles.at(-1), null)
  t.equal(troubles.length, 2, 'each told once')
})

t.test('a right that is missing is told, and lets nobody in', async (t) => {
  const { server, who, troubles } = await authenticating(t, {})
  server.answer = () => ({ status: 403, body: { message: 'tokenreviews is forbidden' } })
  t.equal(await who('good'), 'unverified')
  t.strictSame(troubles, ['403 tokenreviews is forbidden'])
})

t.test('too many at once come again', async (t) => {
  const { server, who, reviews } = await authenticating(t, {})
  server.lists.set('/apis/authentication.k8s.io/v1/tokenreviews', { items: [] })
  const verdicts = await Promise.all(Array.from({ length: 100 }, (_, i) => who(`forged ${i}`.replace(' ', '-'))))
  t.equal(verdicts.filter((verdict) => verdict === 'unverified').length, 36)
  t.equal(reviews(), 64)
})
