import t from 'tap'
import { openReport, reasonOf } from '../../src/report/open-report.ts'
import { answering, reporting } from '../aggregator.ts'

const { signal } = new AbortController()

t.test('a report is its verdict and its octets', async (t) => {
  const { url } = await answering(t, reporting('failing', 'text'))
  const opened = await openReport(`${url}/report.txt`, signal)
  if ('error' in opened) return t.fail(opened.error)
  const chunks: Uint8Array[] = []
  for await (const chunk of opened.body) chunks.push(chunk)
  t.equal(opened.verdict, 'failing')
  t.equal(String(Buffer.concat(chunks)), 'text')
})

t.test('another server is told from an aggregator', async (t) => {
  const { url } = await answering(t, (response) => void response.writeHead(404).end())
  t.match(await openReport(url, signal), { error: /answered 404: is this an oddnode aggregator\?/ })
})

t.test('a login page behind a redirect is not followed', async (t) => {
  const { url } = await answering(t, (response) => void response.writeHead(302, { location: '/login' }).end())
  t.match(await openReport(url, signal), { error: /answered 302/ })
})

t.test('a 200 of another server is no report either, least of all one that says that all is well', async (t) => {
  const { url } = await answering(t, (response) => void response.end('<html></html>'))
  t.match(await openReport(url, signal), { error: /is no report: is this an oddnode aggregator\?/ })
})

t.test('a server that falls silent is not waited for without end', { timeout: 30_000 }, async (t) => {
  const { url } = await answering(t, () => undefined)
  const startedAt = performance.now()
  t.match(await openReport(url, signal), { error: /: no answer in 10 s$/ })
  t.ok(performance.now() - startedAt < 13_000)
})

t.test('the reason is what the socket said, at the first address that was tried', async (t) => {
  const refused = new Error('connect ECONNREFUSED ::1:1')
  t.equal(reasonOf(new AggregateError([refused])), refused.message)
  t.equal(reasonOf(new Error('The operation was aborted', { cause: refused })), refused.message)
  t.equal(reasonOf('odd'), 'odd')
})
