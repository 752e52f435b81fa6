import t from 'tap'
import { aligned } from '../../src/terminal/table.ts'

t.test('columns are as wide as their widest cell', async (t) => {
  t.strictSame(aligned([['a', 'bb', 'c'], ['東京', 'b'], []]), ['a     bb  c', '東京  b', ''])
})
