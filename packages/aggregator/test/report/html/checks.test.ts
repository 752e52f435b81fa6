import t from 'tap'
import { checksHtml } from '../../../src/report/html/checks.ts'

t.test('each check has its question, its answer and its glyph; also one that is new here', async (t) => {
  const text = checksHtml([
    { id: 'dns-pods-running', passed: true, detail: '2 of 2 run.' },
    { id: 'coredns-rbac', passed: null, detail: 'Forbidden.' },
    { id: 'new-one', passed: false, detail: 'Not well.' },
  ])
  t.match(text, /✓<\/span><strong>Are the DNS pods running\?.*2 of 2 run\./)
  t.match(text, /·<\/span><strong>Has CoreDNS.*not looked at:.*Forbidden\./)
  t.match(text, /✕<\/span><strong>new-one.*not well:.*Not well\./)
})
