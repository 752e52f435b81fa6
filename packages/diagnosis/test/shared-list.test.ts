import t from 'tap'
import { sharedList } from '../src/shared-list.ts'

t.test('the same list for the same items in the same order', async (t) => {
  const first = sharedList(['10.0.0.1', '10.0.0.2'])
  t.equal(sharedList(['10.0.0.1', '10.0.0.2']), first)
  t.same(first, ['10.0.0.1', '10.0.0.2'])
  t.not(sharedList(['10.0.0.2', '10.0.0.1']), first)
  t.same(sharedList([]), [])
  t.same(sharedList(['a,b']), ['a,b'])
  t.not(sharedList(['a', 'b']), sharedList(['a,b']))
})

t.test('of very many it forgets', async (t) => {
  const first = sharedList(['first'])
  for (let i = 0; i < 10_001; i++) sharedList([`item ${i}`])
  t.not(sharedList(['first']), first)
  t.same(sharedList(['first']), first)
})
