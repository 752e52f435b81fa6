import t from 'tap'
import { noticesHtml } from '../../../src/report/html/notices.ts'
import { HOSTILE } from '../sample-moment.ts'

t.test('each notice with what to type, and nothing without one', async (t) => {
  const notice = { title: 'Not fresh', text: 'The last round came 5 min ago.', commands: ['kubectl get pods'] }
  t.match(noticesHtml([notice]), /role="note".*<strong>Not fresh\.<\/strong> The last.*<code>kubectl get pods<\/code>/)
  t.equal(noticesHtml([]), '')
  t.notMatch(noticesHtml([{ title: HOSTILE, text: HOSTILE, commands: [HOSTILE] }]), '<script')
})
