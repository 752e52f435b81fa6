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
