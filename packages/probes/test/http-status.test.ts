import fc from 'fast-check'
import t from 'tap'
import { readStatus } from '../src/http-status.ts'

t.test('the status of an answer', async (t) => {
  t.equal(readStatus('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK'), 200)
  t.equal(readStatus('HTTP/1.0 503 Service Unavailable\r\n'), 503)
  t.equal(readStatus('HTTP/1.1 200 \r\n'), 200, 'the reason phrase may be empty')
  t.equal(readStatus('HTTP/1.1 404\n'), 404, 'as lenient servers write it')
})

t.test('every beginning of an answer is not complete, until its first line is', async (t) => {
  const answer = 'HTTP/1.1 200 OK\r\nDate: x\r\n\r\nOK'
  const line = answer.indexOf('\n') + 1
  for (let end = 0; end <= answer.length; end++) t.equal(readStatus(answer.slice(0, end)), end < line ? null : 200)
})

t.test('what is no answer', async (t) => {
  for (const text of [
    'SSH-2.0-OpenSSH_9.9\r\n',
    'SSH-2.0',
    '\u0015\u0003\u0001\u0000\u0002\u0002F',
    'HTTP/2 200\r\n',
    'HTTP/1.1 2000 OK\r\n',
    'HTTP/1.1 099 OK\r\n',
    'HTTP/1.1 20 OK\r\n',
    'HTTP/1.1  200 OK\r\n',
    '\r\nHTTP/1.1 200 OK\r\n',
    `HTTP/1.1 200 ${'x'.repeat(600)}`,
  ])
    t.equal(readStatus(text), 'malformed', JSON.stringify(text.slice(0, 40)))
})

t.test('whatever comes: a status, nothing yet, or malformed', async (t) => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 700 }),
    fc.string().map((rest) => `HTTP/1.1 ${rest}`),
  )
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(anything, (text) => {
        const read = readStatus(text)
        return read === null || read === 'malformed' || (Number.isInteger(read) && read >= 100 && read <= 599)
      }),
    ),
  )
})
