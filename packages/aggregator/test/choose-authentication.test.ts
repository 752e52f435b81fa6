import { fastify } from 'fastify'
import t from 'tap'
import { acceptAll } from '../src/authentication.ts'
import { type AuthenticationSources, chooseAuthentication } from '../src/choose-authentication.ts'
import { startApiServer } from './kubernetes/api-server.ts'
import { connect } from './kubernetes/connect.ts'
import { knowing, reviewed } from './kubernetes/token-reviews.ts'

const sources = (mode: 'none' | 'shared-secret' | 'kubernetes', changed: Partial<AuthenticationSources> = {}) => ({
  config: { auth: { mode }, limits: { agents: 10, bodyBytes: 1, pushBurst: 1, pushesPerSecond: 1 } },
  secret: null,
  api: null,
  namespace: 'oddnode',
  now: () => 0,
  log: fastify().log,
  ...changed,
})

t.test('each mode has its own way', async (t) => {
  t.equal(chooseAuthentication(sources('none')), acceptAll)
  const secret = chooseAuthentication(sources('shared-secret', { secret: '0123456789abcdef' }))
  t.equal(secret('Bearer 0123456789abcdef', 'node-1'), 'accepted')
  const server = await startApiServer(t)
  server.answer = knowing({ good: reviewed('node-1') })
  const kubernetes = chooseAuthentication(sources('kubernetes', { api: connect(t, server.address) }))
  t.equal(await kubernetes('Bearer good', 'node-1'), 'accepted')
  await server.goAway()
  t.equal(await kubernetes('Bearer other', 'node-1'), 'unverified')
})

t.test('a mode without what it needs is no mode', async (t) => {
  t.throws(() => chooseAuthentication(sources('shared-secret')), /lacks what it needs/)
  t.throws(() => chooseAuthentication(sources('kubernetes')), /lacks what it needs/)
})
