import t from 'tap'
import { checksHtml } from '../../../src/report/html/checks.ts'

t.test('each check has its statement, its answer and its glyph; also one that is new here', async (t) => {
  const text = checksHtml([
    { id: 'dns-pods-running', passed: true, detail: '2 of 2 run.' },
    { id: 'coredns-rbac', passed: null, detail: 'Forbidden.' },
    { id: 'new-one', passed: false, detail: 'Not well.' },
  ])
  t.match(text, /✓<\/span><strong>The DNS pods run<span class="hidden-text"> well:.*2 of 2 run\./)
  t.match(text, /·<\/span><strong>CoreDNS has.*not looked at:.*Forbidden\./)
  t.match(text, /✕<\/span><strong>new-one.*not so:.*Not well\./)
})

t.test('nothing asks: a ✓ beside a question would be taken for a yes', async (t) => {
  const ids = ['connection-table', 'systemd-resolved-loop', 'search-domains-repeated', 'nameserver-limit', 'sampling']
  const text = checksHtml(ids.map((id) => ({ id, passed: true, detail: '.' })))
  t.notMatch(text, /\?|yes/)
  t.match(text, 'The connection table has room')
})
