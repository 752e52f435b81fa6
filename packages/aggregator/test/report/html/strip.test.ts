import fc from 'fast-check'
import t from 'tap'
import { binsOf, linearScale, logarithmicScale, percent, symmetricScale } from '../../../src/report/html/strip.ts'

t.test('percent is short', async (t) => {
  t.equal(percent(0.123456), '12.35%')
  t.equal(percent(1), '100%')
})

t.test('scales keep the order and the drawing', async () => {
  const scales = [linearScale(-5, 5), logarithmicScale(0.0001, 10), symmetricScale(94, 0.001), linearScale(1, 1)]
  for (const scale of scales) {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b) => {
        const [first, second] = a < b ? [a, b] : [b, a]
        const [from, to] = [scale(first), scale(second)]
        return from <= to && from >= 0 && to <= 1
      }),
    )
  }
})

t.test('microseconds and hours are both seen', async (t) => {
  const scale = symmetricScale(3600, 0.001)
  t.equal(scale(0), 0.5)
  t.ok(scale(0.001) - scale(0) > 0.02)
  t.ok(scale(3600) - scale(1) > 0.2)
})

t.test('every value falls into one bin', async () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, min: 0, max: 100 })), (values) => {
      const counts = binsOf(values, logarithmicScale(0.0001, 10), 60)
      return counts.length === 60 && counts.reduce((sum, count) => sum + count, 0) === values.length
    }),
  )
})
