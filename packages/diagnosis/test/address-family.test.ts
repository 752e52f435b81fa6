import t from 'tap'
import { isIPv6 } from '../src/address-family.ts'

t.test('by its colons', async (t) => {
  t.ok(isIPv6('fd00:10:96::a'))
  t.notOk(isIPv6('10.96.0.10'))
})
