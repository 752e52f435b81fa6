import t from 'tap'
import { all, any, not, type Truth, truth } from '../src/truth.ts'

t.test('all hold: one no decides, then what is not decided yet, then what nobody looks at', async (t) => {
  t.equal(all('yes', 'yes'), 'yes')
  t.equal(all('yes', 'no-data'), 'no-data')
  t.equal(all('no-data', 'wait', 'yes'), 'wait')
  t.equal(all('wait', 'no-data', 'no'), 'no')
  t.equal(all(), 'yes')
})

t.test('one holds: one yes decides', async (t) => {
  t.equal(any('no', 'no'), 'no')
  t.equal(any('no', 'no-data'), 'no-data')
  t.equal(any('no-data', 'wait', 'no'), 'wait')
  t.equal(any('wait', 'no-data', 'yes'), 'yes')
  t.equal(any(), 'no')
})

t.test('the opposite: what is unknown stays unknown', async (t) => {
  t.same((['yes', 'no', 'wait', 'no-data'] as Truth[]).map(not), ['no', 'yes', 'wait', 'no-data'])
  t.same([true, false].map(truth), ['yes', 'no'])
})

t.test('not all is any not, and the other way round', async (t) => {
  const truths: Truth[] = ['yes', 'no', 'wait', 'no-data']
  for (const a of truths) for (const b of truths) t.equal(not(all(a, b)), any(not(a), not(b)))
})
