import t from 'tap'
import { acceptAll, sharedSecret } from '../src/authentication.ts'

t.test('a shared secret', async (t) => {
  const authentication = sharedSecret('0123456789abcdef')
  t.equal(authentication('Bearer 0123456789abcdef'), 'accepted')
  t.equal(authentication('bearer 0123456789abcdef'), 'accepted', 'the scheme has no case (RFC 9110 section 11.1)')
  for (const wrong of ['Bearer 0123456789abcdeF', 'Bearer x', 'Bearer 0123456789abcdef0'])
    t.equal(authentication(wrong), 'wrong', wrong)
  for (const missing of [undefined, '', 'Basic abc', 'Bearer', 'Bearer a b', '0123456789abcdef']) {
    t.equal(authentication(missing), 'missing', String(missing))
  }
})

t.test('nobody is asked', async (t) => t.equal(acceptAll(undefined), 'accepted'))
