import t from 'tap'
import { median } from '../src/median.ts'

t.test('the middle one, or the mean of the two in the middle', async (t) => {
  t.equal(median([3, 1, 2]), 2)
  t.equal(median([4, 1, 2, 3]), 2.5)
  t.equal(median([10, 9]), 9.5)
  t.equal(median([7]), 7)
})

t.test('of none it is no number', async (t) => t.ok(Number.isNaN(median([]))))

t.test('what it is asked of stays as it was', async (t) => {
  const values = [3, 1, 2]
  median(values)
  t.same(values, [3, 1, 2])
})
