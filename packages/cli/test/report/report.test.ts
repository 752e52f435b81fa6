import t from 'tap'
import { exitCodeOf, readReport, report } from '../../src/report/report.ts'
import { answering, reporting } from '../aggregator.ts'

for (const [state, exitCode] of [
  ['ok', 0],
  ['no-data', 1],
  ['degraded', 2],
  ['failing', 2],
] as const) {
  t.test(`a verdict of ${state} is exit code ${exitCode}`, async (t) => {
    const { url, asked } = await answering(t, reporting(state))
    t.strictSame(await report(url), { exitCode, output: `the report, ${state}\n`, error: '' })
    t.strictSame(asked, ['/report.txt'])
    t.equal(exitCodeOf(state), exitCode)
  })
}

t.test('what cannot be asked is exit code 1, and says why', async (t) => {
  t.match(await report('http://127.0.0.1:1'), {
    exitCode: 1,
    output: '',
    error: /cannot ask http:\/\/127\.0\.0\.1:1\/report\.txt: .*ECONNREFUSED/,
  })
})

t.test('an answer that breaks off is no report', async (t) => {
  const { url } = await answering(t, (response) => {
    response.writeHead(200, { 'content-length': 1000, 'oddnode-verdict': 'ok' })
    response.write('half a')
    setTimeout(() => response.destroy(), 20)
  })
  t.match(await readReport(url), { error: /broke off: / })
})

t.test('letters that two packets share are read whole', async (t) => {
  const text = Buffer.from('the cluster 東京 is well\n')
  const { url } = await answering(t, (response) => {
    response.writeHead(200, { 'oddnode-verdict': 'ok' })
    response.write(text.subarray(0, 13))
    setTimeout(() => response.end(text.subarray(13)), 20)
  })
  t.match(await readReport(url), { text: String(text) })
})

t.test('it can be ended', async (t) => {
  const { url } = await answering(t, () => undefined)
  const ending = new AbortController()
  setTimeout(() => ending.abort(), 20)
  t.match(await readReport(url, ending.signal), { error: /aborted/ })
})
