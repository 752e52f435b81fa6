import { join } from 'node:path'
import type { Report } from '@oddnode/protocol'
import { fastify } from 'fastify'
import t from 'tap'
import { styleName } from '../../src/report/html/style.ts'
import type { Reporter } from '../../src/report/model/reporter.ts'
import { report } from '../../src/routes/report.ts'
import { live } from '../lived.ts'
import { healthy } from '../pushing.ts'
import { momentOf } from '../report/sample-moment.ts'
import { nodeOf, sampleReport } from '../report/sample-report.ts'
import { testApp } from '../test-app.ts'

async function build(t: { teardown: (act: () => unknown) => void }, sample: Report = sampleReport()) {
  const app = fastify({ ajv: { customOptions: { removeAdditional: false } } })
  t.teardown(() => app.close())
  let looks = 0
  const watched = (report: Report) => {
    const moment = momentOf(report)
    return {
      ...moment,
      node: (name: string) => {
        looks++
        return moment.node(name)
      },
    }
  }
  let latest = watched(sample)
  const reporter: Reporter = {
    now: async () => latest,
    at: async () => ({ why: 'nothing-kept', before: null, after: null, trouble: null }),
    incident: async () => null,
  }
  await app.register(report, { reporter })
  return {
    looks: () => looks,
    get: (url: string, headers = {}) => app.inject({ url, headers }),
    change: (next: Report) => {
      latest = watched(next)
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
    t.equal(answer.headers.vary, 'accept')
    t.equal(answer.headers['oddnode-verdict'], 'failing')
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
  t.match((await get('/report')).body, `href="report/${styleName}"`)
  for (const [url, way] of [
    ['/report/', '../report'],
    ['/report/?q=node-1', '../report?q=node-1'],
  ] as const)
    t.match(await get(url), { statusCode: 302, headers: { location: way } }, 'a slash too much')
  t.equal((await get(`/report/${styleName}`)).headers['content-type'], 'text/css; charset=utf-8')
})

t.test('a large report is made piece by piece', async (t) => {
  const nodes = Array.from({ length: 300 }, (_, i) => nodeOf(`node-${i}`, []))
  const large = sampleReport({ nodes })
  const { get } = await build(t, large)
  const answer = await get('/report.json')
  t.strictSame(answer.json(), JSON.parse(JSON.stringify(large)))
  t.equal(answer.headers.etag, undefined)
})

t.test('an unknown parameter is refused by name: the present must not be taken for the past', async (t) => {
  const { get } = await build(t)
  for (const face of ['/report', '/report.html', '/report.json', '/report.txt']) {
    const { statusCode, body } = await get(`${face}?att=2020-01-01T00:00:00Z`)
    t.equal(statusCode, 400, face)
    t.match(body, /att/)
  }
})

t.test('a moment of the past, in three faces', async (t) => {
  const app = await testApp(t, [`--dataFile=${join(t.testdir(), 'oddnode.db')}`])
  const [first] = await live(app, { nodes: ['node-1'], see: () => healthy }, 4)
  const get = async (face: string) => (await app.server.inject(`/report${face}?at=${first?.at}`)).body
  t.equal(JSON.parse(await get('.json')).at, first?.at)
  t.match(await get('.txt'), '2026-11-21 09:00:15 UTC')
  t.match(await get(''), `2026-11-21T09:00:15.000Z`)
  t.not((await app.report()).at, first?.at)
})

t.test('a page that readers choose is made once for all of them', async (t) => {
  const { get, looks, change } = await build(t)
  const chosen = (await get('/report.html?q=node-1&state=')).body
  const once = looks()
  t.equal((await get('/report.html?state=&q=node-1&page=1')).body, chosen, 'the same in other words')
  t.equal(looks(), once)
  t.not((await get('/report.html?q=node-2')).body, chosen)
  t.ok(looks() > once)
  change(sampleReport({ cluster: 'other' }))
  t.match((await get('/report.html?q=node-1')).body, 'other', 'not from a moment before')
})

t.test('what is mistyped below /report is answered in the form that its reader reads', async (t) => {
  const app = await testApp(t)
  for (const path of ['/report/foo', '/report/nodes', '/report/nodes/a/b?x=1']) {
    const page = await app.server.inject({ url: path, headers: { accept: 'text/html,*/*;q=0.8' } })
    t.equal(page.statusCode, 404)
    t.match(page.headers['content-type'], 'text/html')
    t.match(page.body, /<h1>No such page<\/h1>[\s\S]*\/report\/nodes\/NAME/)
    t.match(page.headers['content-security-policy'], "default-src 'none'")
  }
  const json = await app.server.inject({ url: '/report/foo', headers: { accept: 'application/json' } })
  t.match(json.json(), { status: 404, title: 'No such page' })
  t.match((await app.server.inject('/report.txt?q=a')).body, 'The parameter "q" means nothing here.')
})
