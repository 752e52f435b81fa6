import t from 'tap'
import { densitySvg } from '../../../src/report/html/density.ts'

t.test('one beside thousands is seen, and nothing is not', async (t) => {
  const text = densitySvg([10_000, 0, 1], 30)
  t.equal(text.split('<rect').length - 1, 2)
  t.match(text, 'x="0%" y="0" width="33.33%" height="30"')
  t.match(text, 'x="66.67%" y="28" width="33.33%" height="2"')
  t.equal(densitySvg([0, 0], 30), '')
})
