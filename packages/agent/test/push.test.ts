import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { type Connection, openConnection, type PushRequest } from '../src/push.ts'
import { type Reaction, startAggregator } from './aggregator.ts'
import { until } from './until.ts'

const push = (connection: Connection, url: string, changed: Partial<PushRequest> = {}) =>
  connection.push({
    url: `${url}/v1/agents/n/host/rounds/1`,
    body: '{"ageSeconds":1}',
    token: null,
    timeoutSeconds: 5,
    unixSeconds: () => Date.now() / 1000,
    ...changed,
  })

const setUp = async (t: Test, reaction: Reaction = 'accept') => {
  const aggregator = await startAggregator(t, reaction)
  const connection = openConnection()
  t.teardown(connection.close)
  return { aggregator, connection, url: aggregator.url }
}

t.test('puts the body and tells what came back, with both times', async (t) => {
  const { connection, url, aggregator } = await setUp(t)
  const result = await push(connection, url, { token: 'secret' })
  t.match(result, { kind: 'answered', status: 200, retryAfterSeconds: null })
  t.ok(result.kind === 'answered' && result.receivedAt >= result.sentAt)
  t.match(aggregator.pushes[0], { method: 'PUT', authorization: 'Bearer secret', round: { ageSeconds: 1 } })
  await push(connection, url)
  t.equal(aggregator.pushes[1]?.authorization, undefined)
  t.equal(aggregator.connections(), 1, 'kept alive')
})

t.test('Retry-After in seconds, bounded; a date is no number', async (t) => {
  for (const [text, seconds] of [
    ['7', 7],
    ['86400', 300],
    ['Fri, 31 Dec 1999 23:59:59 GMT', null],
    ['-5', null],
  ] as const) {
    const { connection, url } = await setUp(t, { status: 429, headers: { 'retry-after': text } })
    t.match(await push(connection, url), { kind: 'answered', status: 429, retryAfterSeconds: seconds })
  }
})

t.test('a server that hangs, closes or is not there is a failure in words', async (t) => {
  const hanging = await setUp(t, 'hang')
  t.strictSame(await push(hanging.connection, hanging.url, { timeoutSeconds: 0.1 }), {
    kind: 'failed',
    error: 'no answer within 0.1 s',
  })
  const closing = await setUp(t, 'close')
  t.strictSame(await push(closing.connection, closing.url), { kind: 'failed', error: 'ECONNRESET' })
  await closing.aggregator.close()
  t.strictSame(await push(closing.connection, closing.url), { kind: 'failed', error: 'ECONNREFUSED' })
})

t.test('a kept-alive connection that the server closed is opened again, once', async (t) => {
  const { connection, aggregator, url } = await setUp(t)
  let closing = 0
  await push(connection, url)
  aggregator.react((_push, count) => {
    if (count > 1) return 'accept'
    closing++
    return 'close'
  })
  t.match(await push(connection, url), { kind: 'answered', status: 200 })
  t.equal(closing, 1)
  aggregator.react('close')
  t.match(await push(connection, url), { kind: 'failed' }, 'but not for ever')
})

t.test('an answer that is cut or larger than any plan is a failure', async (t) => {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(200)
    if (request.url?.startsWith('/cut')) response.write('half', () => response.destroy())
    else if (request.url?.startsWith('/half')) response.write('half')
    else for (let i = 0; i < 5; i++) response.write(Buffer.alloc(1024 * 1024))
  }).listen(0, '127.0.0.1')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  await until('it listens', () => server.listening)
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const connection = openConnection()
  t.match(await push(connection, `${url}/cut`), { kind: 'failed', error: 'ECONNRESET' })
  t.match(await push(connection, url), { kind: 'failed', error: 'the answer is larger than any plan' })
  t.match(await push(connection, `${url}/half`, { timeoutSeconds: 0.2 }), { kind: 'failed' })
  connection.close()
})

t.test('closing ends what is under way', async (t) => {
  const { connection, aggregator, url } = await setUp(t, 'hang')
  const pushed = push(connection, url)
  await until('it arrived', () => aggregator.pushes.length === 1)
  connection.close()
  t.match(await pushed, { kind: 'failed' })
})

t.test('what cannot be sent at all is a failure, never a throw', async (t) => {
  const { connection, url } = await setUp(t)
  t.match(await push(connection, url, { token: 'first\nsecond' }), { kind: 'failed', error: 'ERR_INVALID_CHAR' })
  t.match(await push(connection, url, { url: 'http://192.0.2.1:tcp://x' }), {
    kind: 'failed',
    error: 'ERR_INVALID_URL',
  })
})

t.test('a switch of protocols that nobody asked for is a failure', async (t) => {
  const { connection, url } = await setUp(t, { status: 101, headers: { upgrade: 'x', connection: 'upgrade' } })
  t.match(await push(connection, url, { timeoutSeconds: 1 }), { kind: 'failed' })
})
