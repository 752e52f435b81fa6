import { fastify } from 'fastify'
import t from 'tap'
import { problemOf, RequestRefused } from '../../src/http/problem.ts'
import { answerReportError } from '../../src/routes/report-error.ts'
import { StoreError } from '../../src/store/store-error.ts'

async function build(t: { teardown: (act: () => unknown) => void }, error: Error) {
  const app = fastify()
  t.teardown(() => app.close())
  app.setErrorHandler(answerReportError)
  app.get('/report/*', async () => {
    throw error
  })
  return (url: string, headers = {}) => app.inject({ url, headers })
}

const refused = new RequestRefused('other', problemOf(404, 'No such node', 'There is no node "<b>".'), {
  'x-more': 'yes',
})

t.test('an error in the form that its reader reads', async (t) => {
  const get = await build(t, refused)
  const page = await get('/report/nodes/x')
  t.equal(page.statusCode, 404)
  t.equal(page.headers['content-type'], 'text/html; charset=utf-8')
  t.equal(page.headers['x-more'], 'yes')
  t.match(page.headers['content-security-policy'], "default-src 'none'")
  t.match(page.body, 'href="../../report/style-', 'its links work from where it is')
  t.match(page.body, '&#60;b&#62;')
  const text = await get('/report/nodes/x.txt')
  t.equal(text.body, 'No such node\nThere is no node "<b>".\n')
  const json = await get('/report/nodes/x', { accept: 'application/json' })
  t.equal(json.headers['content-type'], 'application/problem+json; charset=utf-8')
  t.match(json.json(), { status: 404, title: 'No such node' })
})

t.test('a file that was given up while the past was read', async (t) => {
  const get = await build(t, new StoreError('full', '/data/x.db'))
  const answer = await get('/report/x.json')
  t.equal(answer.statusCode, 503)
  t.match(answer.json().detail, /no room.*\/data\/x\.db/)
})

t.test('a bug of ours is not told', async (t) => {
  const get = await build(t, new TypeError('secret'))
  const answer = await get('/report/x')
  t.equal(answer.statusCode, 500)
  t.notMatch(answer.body, 'secret')
})
