import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { ApiError, createKubernetesApi } from '../../src/kubernetes/api.ts'
import { startApiServer } from './api-server.ts'
import { connect } from './connect.ts'

const failure = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => null,
    (error: unknown) => error,
  )
const version = { path: '/version', timeoutSeconds: 5 }

t.test('an answer, with the token as it is now', async (t) => {
  const server = await startApiServer(t)
  server.answer = () => ({ status: 200, body: { major: '1' } })
  const api = connect(t, server.address)
  t.strictSame(await api.ask(version), { major: '1' })
  writeFileSync(api.tokenFile, 'second\n')
  await api.ask({ ...version, method: 'POST', body: { a: 1 } })
  t.strictSame(
    server.asked.map(({ method, authorization, body }) => [method, authorization, body]),
    [
      ['GET', 'Bearer first', undefined],
      ['POST', 'Bearer second', { a: 1 }],
    ],
  )
})

t.test('every refusal has its status and its words', async (t) => {
  const server = await startApiServer(t)
  const api = connect(t, server.address)
  const cases = [
    [{ status: 403, body: { kind: 'Status', message: 'nodes is forbidden' } }, '403 nodes is forbidden', 403],
    [{ status: 500, body: 'oh no' }, '500 oh no', 500],
    [{ status: 429, body: {}, headers: { 'retry-after': '7' } }, '429 {}', 429],
    [{ status: 200, body: 'no json' }, 'the answer is not JSON', null],
  ] as const
  for (const [answer, message, status] of cases) {
    server.answer = () => answer
    const error = await failure(api.ask(version))
    t.match(error, { message, status })
    t.ok(error instanceof ApiError)
  }
  server.answer = () => ({ status: 429, headers: { 'retry-after': '7' } })
  t.match(await failure(api.ask(version)), { retryAfterSeconds: 7 })
  t.match(await failure(api.stream(version)), { status: 429 })
})

t.test('no answer', async (t) => {
  const server = await startApiServer(t)
  const api = connect(t, server.address)
  await server.goAway()
  t.match(await failure(api.ask(version)), {
    status: null,
    message: /^no answer from 127\.0\.0\.1:\d+: .*ECONNREFUSED/,
  })
  await server.comeBack()
  server.answer = () => ({ status: 200 })
  t.strictSame(await api.ask(version), {}, 'and then one')
})

t.test('an answer that does not come in time, and one that breaks off', async (t) => {
  const server = await startApiServer(t)
  server.lists.set('/slow', { items: [] })
  const api = connect(t, server.address)
  t.match(await failure(api.ask({ path: '/slow?watch=1', timeoutSeconds: 0.2 })), { status: null })
  const pending = api.ask({ path: '/slow?watch=1', timeoutSeconds: 5 })
  setTimeout(() => server.cut(), 100)
  t.match(await failure(pending), { status: null, message: /broke off/ })
})

t.test('a stream that does not begin: who hangs takes connections all the same', async (t) => {
  const hanging = createServer(() => {})
  await once(hanging.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => hanging.close())
  const api = connect(t, `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`)
  t.match(await failure(api.stream({ path: '/nodes?watch=1', timeoutSeconds: 60, answerSeconds: 0.1 })), {
    status: null,
    message: /^no answer from 127\.0\.0\.1:\d+: silent for 0\.1 s$/,
  })
  api.close()
})

t.test('a stream', async (t) => {
  const server = await startApiServer(t)
  server.lists.set('/nodes', { items: [] })
  const api = connect(t, server.address)
  const pieces = await api.stream({ path: '/nodes?watch=1', timeoutSeconds: 5 })
  server.send('/nodes', { type: 'BOOKMARK' })
  setTimeout(() => server.endWatches(), 20)
  let all = ''
  for await (const piece of pieces) all += piece
  t.equal(all, '{"type":"BOOKMARK"}\n')
})

t.test('closed, it asks nothing more and lets go', async (t) => {
  const server = await startApiServer(t)
  const api = connect(t, server.address)
  api.close()
  t.match(await failure(api.ask(version)), { status: null })
  t.strictSame(server.asked, [])
})

const noOpenssl = spawnSync('openssl', ['version']).error ? 'openssl is needed to make a certificate' : false

t.test('over TLS only a server that the CA vouches for', { skip: noOpenssl }, async (t) => {
  const directory = t.testdir()
  const subject = ['-days', '2', '-subj', '/CN=api', '-addext', 'subjectAltName=IP:127.0.0.1']
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  spawnSync('openssl', ['req', '-x509', ...key, ...subject, '-keyout', 'key', '-out', 'cert'], { cwd: directory })
  const caFile = join(directory, 'cert')
  const tls = { key: readFileSync(join(directory, 'key'), 'utf8'), cert: readFileSync(caFile, 'utf8') }
  const server = await startApiServer(t, tls)
  server.answer = () => ({ status: 200, body: { ok: true } })
  const tokenFile = join(directory, 'token')
  writeFileSync(tokenFile, 'first')
  const trusting = createKubernetesApi({ address: server.address, tokenFile, caFile })
  t.teardown(() => trusting.close())
  t.strictSame(await trusting.ask(version), { ok: true })
  const other = join(directory, 'other')
  writeFileSync(other, '')
  const doubting = createKubernetesApi({ address: server.address, tokenFile, caFile: other })
  t.teardown(() => doubting.close())
  t.match(await failure(doubting.ask(version)), { status: null, message: /self-signed certificate/ })
})
