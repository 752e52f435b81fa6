import t from 'tap'
import { NOERROR, NXDOMAIN, REFUSED, rcodeName, SERVFAIL } from '../src/rcode.ts'

t.test('the names that dig prints', async (t) => {
  t.strictSame([NOERROR, SERVFAIL, NXDOMAIN, REFUSED].map(rcodeName), ['NOERROR', 'SERVFAIL', 'NXDOMAIN', 'REFUSED'])
  t.equal(rcodeName(16), 'BADVERS', 'an extended one')
})

t.test('one without a name', async (t) => {
  t.strictSame([12, 15, 4095].map(rcodeName), ['RCODE12', 'RCODE15', 'RCODE4095'])
})
