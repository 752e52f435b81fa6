import t from 'tap'
import { acceptAll, bearerToken, sharedSecret } from '../src/authentication.ts'

t.test('a shared secret', async (t) => {
  const authentication = sharedSecret('0123456789abcdef')
  t.equal(authentication('Bearer 0123456789abcdef', 'node-1'), 'accepted')
  t.equal(
    authentication('bearer 0123456789abcdef', 'node-2'),
    'accepted',
    'the scheme has no case (RFC 9110 section 11.1)',
  )
  for (const wrong of ['Bearer 0123456789abcdeF', 'Bearer x', 'Bearer 0123456789abcdef0'])
    t.equal(authentication(wrong, 'node-1'), 'wrong', wrong)
  for (const missing of [undefined, '', 'Basic abc', 'Bearer', 'Bearer a b', '0123456789abcdef']) {
    t.equal(authentication(missing, 'node-1'), 'missing', String(missing))
  }
})

t.test('nobody is asked', async (t) => t.equal(acceptAll(undefined, 'node-1'), 'accepted'))

t.test('a bearer token', async (t) => {
  t.equal(bearerToken('Bearer abc.def'), 'abc.def')
  t.equal(bearerToken('Basic abc'), undefined)
})
