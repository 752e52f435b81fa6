import { request } from 'node:http'
import { connect } from 'node:net'
import t, { type Test } from 'tap'
import { type ServerContext, startServer, stopServer } from '../src/server.ts'

/** @param failsAfter parts that come before it fails */
async function* text(failsAfter = Number.POSITIVE_INFINITY) {
  for (const [i, part] of ['oddnode_up', ' 1\n'].entries()) {
    if (i === failsAfter) throw new Error('broken')
    yield part
  }
}

const metrics = { text: () => text(), contentType: 'text/plain; version=0.0.4' }

async function start(t: Test, context: Partial<ServerContext> = {}) {
  const { server, port } = await startServer(
    { address: '127.0.0.1', port: 0 },
    { metrics, ready: () => true, ...context },
  )
  t.teardown(() => stopServer(server))
  return { server, port }
}

function get(
  port: number,
  path: string,
  method = 'GET',
): Promise<{ status: number; body: string; contentType: string }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, method, agent: false }, async (response) => {
      let body = ''
      for await (const part of response) body += part
      resolve({ status: response.statusCode ?? 0, body, contentType: response.headers['content-type'] ?? '' })
    })
      .on('error', reject)
      .end()
  })
}

t.test('metrics, liveness, and a helpful 404', async (t) => {
  const { port } = await start(t)
  t.strictSame(await get(port, '/metrics?x=1'), {
    status: 200,
    body: 'oddnode_up 1\n',
    contentType: 'text/plain; version=0.0.4',
  })
  t.match(await get(port, '/livez'), { status: 200, body: 'ok\n' })
  t.match(await get(port, '/'), { status: 404, body: /\/metrics, \/livez and \/readyz/ })
  t.match(await get(port, '/livez', 'POST'), { status: 405 })
  t.match(await get(port, '/livez', 'HEAD'), { status: 200, body: '' })
})

t.test('ready when a round has ended', async (t) => {
  let ready = false
  const { port } = await start(t, { ready: () => ready })
  t.match(await get(port, '/readyz'), { status: 503 })
  ready = true
  t.match(await get(port, '/readyz'), { status: 200 })
})

t.test('without metrics there are none', async (t) => {
  const { port } = await start(t, { metrics: null })
  t.match(await get(port, '/metrics'), { status: 404, body: 'not found: there are /livez and /readyz\n' })
})

t.test('metrics that cannot be made are a 500, not a hanging scrape', async (t) => {
  const { port } = await start(t, { metrics: { ...metrics, text: () => text(0) } })
  t.match(await get(port, '/metrics'), { status: 500, body: 'broken\n', contentType: /^text\/plain; charset/ })
})

t.test('metrics that fail in the middle are an error to the scraper, not half of them', async (t) => {
  const { port } = await start(t, { metrics: { ...metrics, text: () => text(1) } })
  await t.rejects(fetch(`http://127.0.0.1:${port}/metrics`).then((response) => response.text()))
})

t.test('a port in use is an error of the start', async (t) => {
  const { port } = await start(t)
  await t.rejects(startServer({ address: '127.0.0.1', port }, { metrics, ready: () => true }), { code: 'EADDRINUSE' })
})

t.test('stops with an idle connection open', async (t) => {
  const { server, port } = await startServer({ address: '127.0.0.1', port: 0 }, { metrics, ready: () => true })
  const idle = connect(port, '127.0.0.1')
  await new Promise((resolve) => idle.once('connect', resolve))
  const closed = new Promise((resolve) => idle.once('close', resolve))
  idle.resume()
  await stopServer(server)
  await closed
  t.notOk(server.listening)
})
