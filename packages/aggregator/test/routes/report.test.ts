import type { Report } from '@oddnode/protocol'
import { fastify } from 'fastify'
import t from 'tap'
import { styleName } from '../../src/report/style.ts'
import { report } from '../../src/routes/report.ts'
import { sampleReport } from '../report/sample-report.ts'
import { testApp } from '../test-app.ts'

async function build(t: { teardown: (act: () => unknown) => void }, sample: Report = sampleReport()) {
  const app = fastify()
  t.teardown(() => app.close())
  let latest = sample
  const whole = function* () {
    const pieces = JSON.stringify(latest).match(/[\s\S]{1,7}/g) ?? []
    yield* pieces
  }
  await app.register(report, { reporter: { current: () => latest, whole } })
  return {
    get: (url: string, headers = {}) => app.inject({ url, headers }),
    change: (next: Report) => {
      latest = next
    },
  }
}

t.test('three faces of one report, by address and by Accept', async (t) => {
  const { get } = await build(t)
  const cases = [
    ['/report', 'text/html,*/*;q=0.8', 'text/html; charset=utf-8', '<!doctype html>'],
    ['/report', 'application/json', 'application/json; charset=utf-8', '"schema":"oddnode.report/1"'],
    ['/report', 'text/plain', 'text/plain; charset=utf-8', '✕ FAILING'],
    ['/report.html', 'application/json', 'text/html; charset=utf-8', '<!doctype html>'],
    ['/report.json', 'text/html', 'application/json; charset=utf-8', '"schema":"oddnode.report/1"'],
    ['/report.txt', 'text/html', 'text/plain; charset=utf-8', '✕ FAILING'],
  ] as const
  for (const [url, accept, type, part] of cases) {
    const answer = await get(url, { accept })
    t.equal(answer.statusCode, 200, 'also when all is red')
    t.equal(answer.headers['content-type'], type)
    t.match(answer.body, part)
    t.equal(answer.headers['cache-control'], 'no-store')
    t.equal(answer.headers['x-content-type-options'], 'nosniff')
    t.match(answer.headers['content-security-policy'], "default-src 'none'")
    t.equal(answer.headers.vary, url === '/report' ? 'accept' : undefined)
  }
})

t.test('an unchanged report is not sent twice', async (t) => {
  const { get, change } = await build(t)
  const { etag } = (await get('/report.txt')).headers
  const again = await get('/report.txt', { 'if-none-match': String(etag) })
  t.equal(again.statusCode, 304)
  t.equal(again.body, '')
  t.not((await get('/report.json')).headers.etag, etag, 'each face has its own')
  change(sampleReport({ cluster: 'other' }))
  t.equal((await get('/report.txt', { 'if-none-match': String(etag) })).statusCode, 200)
})

t.test('the way in, and the style sheet', async (t) => {
  const { get } = await build(t)
  const root = await get('/')
  t.equal(root.statusCode, 302)
  t.equal(root.headers.location, 'report', 'relative: works behind a path')
  const page = await get('/report')
  t.match(page.body, `href="report/${styleName}"`)
  const css = await get(`/report/${styleName}`)
  t.equal(css.headers['content-type'], 'text/css; charset=utf-8')
  t.match(css.headers['cache-control'], 'immutable')
})

t.test('a large report is made piece by piece', async (t) => {
  const small = sampleReport()
  const large = { ...small, verdict: { ...small.verdict, nodes: { ...small.verdict.nodes, expected: 10_000 } } }
  const { get } = await build(t, large)
  const answer = await get('/report.json')
  t.strictSame(answer.json(), JSON.parse(JSON.stringify(large)))
  t.equal(answer.headers.etag, undefined)
  t.match((await get('/report')).body, '9998 more nodes')
})

t.test('an unknown parameter is refused by name: the present must not be taken for the past', async (t) => {
  const app = await testApp(t)
  for (const face of ['/report', '/report.html', '/report.json', '/report.txt']) {
    const { statusCode, body } = await app.server.inject({ url: `${face}?at=2020-01-01T00:00:00Z` })
    t.equal(statusCode, 400, face)
    t.match(body, /"at"|\/at/)
  }
})
