import t from 'tap'
import { findingPath, permalinkOf } from '../../../src/report/model/permalink.ts'

t.test('behind whatever readers have before it', async (t) => {
  t.equal(permalinkOf('https://oddnode.example.com', 'b3f1'), 'https://oddnode.example.com/report/findings/b3f1')
  t.equal(permalinkOf('http://[2001:db8::1]:8530/dns/', 'b3f1'), 'http://[2001:db8::1]:8530/dns/report/findings/b3f1')
})

t.test('none where nobody said what that is', async (t) => {
  t.equal(permalinkOf('', 'b3f1'), null)
})

t.test('an id cannot lead elsewhere', async (t) => {
  t.equal(findingPath('../x?y#z'), '/report/findings/..%2Fx%3Fy%23z')
})
