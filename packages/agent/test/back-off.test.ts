import t from 'tap'
import { backOffSeconds } from '../src/back-off.ts'

t.test('doubles from a second to thirty, from half to the whole', async (t) => {
  const least = [1, 2, 3, 4, 5, 6, 7, 1000].map((failures) => backOffSeconds(failures, () => 0))
  t.strictSame(least, [0.5, 1, 2, 4, 8, 15, 15, 15])
  t.ok(Math.abs(backOffSeconds(1, () => 0.9999) - 1) < 0.001)
  t.ok(backOffSeconds(50, () => 0.9999) <= 30)
})
