import t from 'tap'
import { aggregatorUrl, reportUrl } from '../../src/report/report-url.ts'

const AT = '2026-11-21T09:29:12+02:00'

t.test(
  'the address may be that of the aggregator, of a path below an ingress, or of any face of the report',
  async (t) => {
    for (const path of ['', '/', '/report', '/report.json', '/report.html', '/report.txt'])
      t.strictSame(aggregatorUrl(`http://127.0.0.1:8530${path}`), { url: 'http://127.0.0.1:8530' })
    t.strictSame(aggregatorUrl('https://dns.example/oddnode/report'), { url: 'https://dns.example/oddnode' })
  },
)

t.test('a moment of the past stays with it', async (t) => {
  const query = `?${new URLSearchParams({ at: AT })}`
  const read = aggregatorUrl(`https://dns.example/oddnode/report.html${query}`)
  t.strictSame(read, { url: `https://dns.example/oddnode${query}` })
  t.equal(reportUrl('url' in read ? read.url : '', 'json'), `https://dns.example/oddnode/report.json${query}`)
  t.equal(reportUrl('http://127.0.0.1:8530', 'txt'), 'http://127.0.0.1:8530/report.txt')
})

t.test('any other parameter would be left out in silence, and is refused', async (t) => {
  t.match(aggregatorUrl(`http://127.0.0.1:8530/report?at=${AT}&node=n1`), {
    error: /has the parameter "node": allowed is at alone/,
  })
})

t.test('anything else is none', async (t) => {
  for (const wrong of ['not a url', 'ftp://127.0.0.1', '', '127.0.0.1:8530', 'file:///etc/passwd'])
    t.match(aggregatorUrl(wrong), { error: /is no URL: allowed is http:/ })
})
