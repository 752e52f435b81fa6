import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { report } from '../src/report.ts'

/** An HTTP server that answers every request alike. @returns its URL and the paths that were asked for */
async function answering(t: Tap, answer: (response: ServerResponse) => void) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    answer(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}
type Tap = { teardown: (run: () => unknown) => unknown }

const verdict = (state: string) => (response: ServerResponse) =>
  void response.writeHead(200, { 'oddnode-verdict': state }).end(`the report, ${state}\n`)

for (const [state, exitCode] of [
  ['ok', 0],
  ['no-data', 0],
  ['degraded', 2],
  ['failing', 2],
] as const) {
  t.test(`a verdict of ${state} is exit code ${exitCode}`, async (t) => {
    const { url } = await answering(t, verdict(state))
    t.strictSame(await report(url), { exitCode, output: `the report, ${state}\n`, error: '' })
  })
}

t.test('the URL may be that of the aggregator, of a path below an ingress, or of any face of the report', async (t) => {
  const { url, asked } = await answering(t, verdict('ok'))
  for (const path of ['', '/', '/report', '/report.json', '/dns/report.html']) await report(url + path)
  t.strictSame(asked, ['/report.txt', '/report.txt', '/report.txt', '/report.txt', '/dns/report.txt'])
})

t.test('what cannot be asked is exit code 1, and says why', async (t) => {
  const refused = await report('http://127.0.0.1:1')
  t.equal(refused.exitCode, 1)
  t.match(refused.error, /cannot ask http:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/)
})

t.test('a wrong URL is a wrong configuration: exit code 78', async (t) => {
  for (const wrong of ['not a url', 'ftp://127.0.0.1', '']) {
    const { exitCode, error } = await report(wrong)
    t.equal(exitCode, 78)
    t.match(error, /is no URL: allowed is http/)
  }
})

t.test('another server is told from an aggregator', async (t) => {
  const { url } = await answering(t, (response) => void response.writeHead(404).end())
  t.match(await report(url), { exitCode: 1, error: /answered 404: is this an oddnode aggregator\?/ })
})

t.test('a 200 of another server is no report either, least of all one that says that all is well', async (t) => {
  const { url } = await answering(t, (response) => void response.end('<html></html>'))
  t.match(await report(url), { exitCode: 1, output: '', error: /is no report: is this an oddnode aggregator\?/ })
})

t.test('an answer that breaks off is no report', async (t) => {
  const { url } = await answering(t, (response) => {
    response.writeHead(200, { 'content-length': 1000 })
    response.write('half a')
    setTimeout(() => response.destroy(), 20)
  })
  t.match(await report(url), { exitCode: 1, output: '' })
})
