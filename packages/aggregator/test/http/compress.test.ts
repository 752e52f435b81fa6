import { Readable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { fastify } from 'fastify'
import t from 'tap'
import { compressAnswers } from '../../src/http/compress.ts'

const page = 'the same again and again '.repeat(1000)

async function build(t: { teardown: (act: () => unknown) => void }) {
  const app = fastify()
  t.teardown(() => app.close())
  await app.register(async (pages) => {
    compressAnswers(pages)
    pages.get('/page', (_request, reply) => reply.header('vary', 'accept').send(page))
    pages.get('/short', (_request, reply) => reply.send('short'))
    pages.get('/stream', (_request, reply) => reply.send(Readable.from([page, page])))
    pages.get('/other/:id', (request, reply) => reply.send(page + request.url))
    pages.get('/empty', (_request, reply) => reply.code(304).send())
  })
  return (url: string, coding?: string) =>
    app.inject({ url, headers: coding === undefined ? {} : { 'accept-encoding': coding } })
}

t.test('whole texts and streams, for those who take it', async (t) => {
  const get = await build(t)
  const answer = await get('/page', 'deflate, gzip;q=0.8')
  t.equal(answer.headers['content-encoding'], 'gzip')
  t.equal(answer.headers.vary, 'accept, accept-encoding')
  t.equal(String(gunzipSync(answer.rawPayload)), page)
  t.ok(answer.rawPayload.length < 1000)
  const stream = await get('/stream', 'gzip')
  t.equal(String(gunzipSync(stream.rawPayload)), page + page)
})

t.test('plain for those who do not, and where there is nothing to gain', async (t) => {
  const get = await build(t)
  for (const coding of [undefined, 'br', 'gzip;q=0', 'identity', 'gzip; q=0.0']) {
    const answer = await get('/page', coding)
    t.equal(answer.headers['content-encoding'], undefined, coding ?? 'none')
    t.equal(answer.body, page)
    t.match(answer.headers.vary, 'accept-encoding', 'a cache must know')
  }
  t.equal((await get('/short', 'gzip')).headers['content-encoding'], undefined)
  t.equal((await get('/empty', 'gzip')).statusCode, 304)
})

t.test('more pages than are kept are right all the same', async (t) => {
  const get = await build(t)
  for (let i = 0; i < 40; i++) {
    const path = `/other/${i % 20}`
    t.equal(String(gunzipSync((await get(path, 'gzip')).rawPayload)), page + path)
  }
})
