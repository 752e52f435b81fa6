import t from 'tap'
import { fill } from '../src/template.ts'

t.test('words get their values, each time and in one go', async (t) => {
  t.equal(fill('{a} and {b}, {a}', { a: '1', b: '{a}' }), '1 and {a}, 1')
  t.equal(fill('{way}', { way: '$& $1' }), '$& $1')
  t.equal(fill('nothing', {}), 'nothing')
})

t.test('a word without a value is a bug', async (t) => {
  t.throws(() => fill('On {nodes}', { node: 'a' }), new RangeError('"On {nodes}" names {nodes}, which has no value'))
})
