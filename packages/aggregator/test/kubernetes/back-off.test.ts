import t from 'tap'
import { backOffSeconds } from '../../src/kubernetes/back-off.ts'

t.test('doubling from a second to half a minute', async (t) => {
  const middle = () => 0.5
  t.strictSame(
    [1, 2, 3, 5, 6, 50].map((failures) => backOffSeconds(failures, middle)),
    [1, 2, 4, 16, 30, 30],
  )
  t.equal(
    backOffSeconds(1, () => 0),
    0.5,
  )
  t.ok(backOffSeconds(6) <= 45)
})
