import type { FastifyError } from 'fastify'
import t from 'tap'
import { refusalOf, rejectionOf } from '../../src/http/error-handler.ts'
import { problemOf, RequestRefused } from '../../src/http/problem.ts'
import { createServer } from '../../src/http/server.ts'

const errorWith = (fields: object, message = 'message') => Object.assign(new Error(message), fields) as FastifyError

t.test('what the client did wrong', async (t) => {
  const own = Object.assign(new RequestRefused('rate', problemOf(429, 'Too many', 'Wait.')), { code: 'OURS' })
  t.equal(refusalOf(own), own)
  t.match(refusalOf(errorWith({ statusCode: 413 })), { reason: 'too-large', problem: { status: 413 } })
  t.match(refusalOf(errorWith({ statusCode: 415 })), { reason: 'other', problem: { status: 415 } })
  t.match(refusalOf(errorWith({ statusCode: 400 })), { reason: 'invalid', problem: { status: 400 } })
  const syntax = Object.assign(new SyntaxError('Unexpected end'), { code: 'X' }) as FastifyError & SyntaxError
  t.match(refusalOf(syntax), { reason: 'invalid', problem: { status: 400, detail: 'Unexpected end' } })
  t.equal(rejectionOf(errorWith({ statusCode: 413 })), 'too-large')
})

t.test('a schema error has its JSON pointer and what is allowed', async (t) => {
  const body = (params: object, instancePath: string) =>
    refusalOf(errorWith({ validation: [{ instancePath, message: 'is wrong', params }], validationContext: 'body' }))
  t.match(body({ allowedValue: 'oddnode.round/1' }, '/schema')?.problem, {
    status: 400,
    pointer: '/schema',
    detail: '/schema is wrong: "oddnode.round/1"',
  })
  t.match(body({ additionalProperty: 'a/b~c' }, '/samples')?.problem, { pointer: '/samples/a~1b~0c' })
  const params = refusalOf(
    errorWith({
      validation: [{ instancePath: '/node', message: 'is wrong', params: {} }],
      validationContext: 'params',
    }),
  )
  t.strictSame(params?.problem, {
    type: 'about:blank',
    title: 'Invalid request',
    status: 400,
    detail: 'params/node is wrong',
  })
})

t.test('what went wrong in us is not told', async (t) => {
  t.equal(refusalOf(errorWith({})), null)
  t.equal(refusalOf(errorWith({ statusCode: 500 })), null)
  t.equal(rejectionOf(errorWith({})), 'other')
  const server = createServer({
    limits: { bodyBytes: 1024, pushesPerSecond: 1, pushBurst: 1, agents: 1 },
    logLevel: 'silent',
  })
  t.teardown(() => server.close())
  server.get('/', () => {
    throw new Error('the secret is 12345')
  })
  const answer = await server.inject('/')
  t.equal(answer.statusCode, 500)
  t.match(answer.headers['content-type'], /^application\/problem\+json/)
  t.notMatch(answer.body, '12345')
})
