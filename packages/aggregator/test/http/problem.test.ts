import t from 'tap'
import { problemOf, RequestRefused } from '../../src/http/problem.ts'

t.strictSame(problemOf(400, 'Invalid', 'Because.'), {
  type: 'about:blank',
  title: 'Invalid',
  status: 400,
  detail: 'Because.',
})
t.strictSame(problemOf(400, 'Invalid', 'Because.', '/a').pointer, '/a')
const refused = new RequestRefused('rate', problemOf(429, 'Too many', 'Wait.'), { 'retry-after': '1' })
t.match(refused, { reason: 'rate', message: 'Wait.', headers: { 'retry-after': '1' } })
t.strictSame(new RequestRefused('other', problemOf(400, 'a', 'b')).headers, {})

const quoting = problemOf(404, 'None', `There is no "\u202elive\u0000${'x'.repeat(5000)}".`).detail
t.match(quoting, /^There is no "⟨U\+202E⟩live⟨U\+0000⟩xxx/, 'what was asked for is quoted as it is')
t.ok(quoting.length < 1100)
