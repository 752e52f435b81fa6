import { fastify } from 'fastify'
import t from 'tap'
import { faceByAccept, faceOf, rendered, sendForm, sendPage, splitSuffix } from '../../src/routes/faces.ts'

t.test('a suffix names a form', async (t) => {
  t.strictSame(splitSuffix('node-1.json'), { name: 'node-1', face: 'application/json' })
  t.strictSame(splitSuffix('a.b.txt'), { name: 'a.b', face: 'text/plain' })
  t.strictSame(splitSuffix('x.html'), { name: 'x', face: 'text/html' })
  for (const plain of ['node-1', 'node-1.local', '.json', 'json', '']) t.equal(splitSuffix(plain), null, plain)
})

async function build(t: { teardown: (act: () => unknown) => void }) {
  const app = fastify()
  t.teardown(() => app.close())
  app.get('/by/*', async (request, reply) => reply.send({ address: faceOf(request), accept: faceByAccept(request) }))
  app.get('/page', async (request, reply) =>
    sendPage(request, reply, 'text/plain', rendered('hello'), { 'x-more': 'yes' }),
  )
  app.get('/form', async (request, reply) =>
    sendForm(request, reply, faceByAccept(request), {
      'text/html': () => '<p>',
      'application/json': () => '{}',
      'text/plain': () => 'text',
    }),
  )
  return (url: string, headers = {}) => app.inject({ url, headers })
}

t.test('the address comes before the header, and a query is no part of it', async (t) => {
  const get = await build(t)
  const accept = 'text/plain'
  t.strictSame((await get('/by/x.json?at=a.html', { accept })).json(), { address: 'application/json', accept })
  t.strictSame((await get('/by/x?a=b.json', { accept })).json(), { address: accept, accept })
  t.equal((await get('/by/x')).json().address, 'text/html')
})

t.test('a page is sent once, under a strict policy', async (t) => {
  const get = await build(t)
  const { headers, body } = await get('/page')
  t.equal(body, 'hello')
  t.match(headers, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-more': 'yes',
  })
  t.match(headers['content-security-policy'], /default-src 'none'.*frame-ancestors 'none'/)
  const again = await get('/page', { 'if-none-match': String(headers.etag) })
  t.equal(again.statusCode, 304)
})

t.test('only the form that is wanted is made', async (t) => {
  const get = await build(t)
  const { headers, body } = await get('/form', { accept: 'application/json' })
  t.equal(body, '{}')
  t.equal(headers.vary, 'accept')
})
