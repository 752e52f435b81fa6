import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import {
  createOffsetHistory,
  keepOffset,
  type OffsetPoint,
  offsetEnds,
  offsetPoints,
  slopeOf,
} from '../src/offset-history.ts'

const point = (takenAt: number, offsetSeconds: number, uncertaintySeconds = 0.001): OffsetPoint => ({
  takenAt,
  offsetSeconds,
  uncertaintySeconds,
})
const historyOf = (points: readonly OffsetPoint[]) => {
  const history = createOffsetHistory()
  for (const one of points) keepOffset(history, one)
  return history
}

t.test('of two minutes the surest reading is kept', async (t) => {
  const history = historyOf([point(120, 1, 0.2), point(130, 2, 0.1), point(140, 3, 0.3), point(250, 4)])
  t.same(offsetPoints(history, 0, 250), [point(130, 2, 0.1), point(250, 4)])
  t.same(offsetPoints(history, 130, 250), [point(250, 4)], 'only what was taken after')
})

t.test('an hour is kept; what is older gives way, and does not come back', async (t) => {
  const points = Array.from({ length: 40 }, (_, i) => point(i * 120 + 1, i))
  const history = historyOf([...points, point(1, 99)])
  t.equal(offsetPoints(history, 0, 40 * 120).length, 30)
  t.same(offsetEnds(history, 0, 40 * 120), [point(10 * 120 + 1, 10), point(39 * 120 + 1, 39)])
  t.equal(offsetEnds(history, 39 * 120, 40 * 120), null, 'one reading has no ends')
  t.equal(offsetEnds(createOffsetHistory(), 0, 100), null)
})

t.test('where rounds are short, so is what counts as the same time, and what counts as old', async (t) => {
  const history = createOffsetHistory()
  for (const one of [point(0.5, 1, 0.2), point(7, 2, 0.1), point(9, 3)]) keepOffset(history, one, 1 / 15)
  t.same(offsetPoints(history, 0, 248, 1 / 15), [point(9, 3)], 'four minutes are an hour')
  t.same(offsetEnds(history, 0, 240, 1 / 15), [point(7, 2, 0.1), point(9, 3)])
})

t.test('the order of arrival changes nothing', async () => {
  const points = fc.uniqueArray(
    fc.record({ takenAt: fc.integer({ min: 0, max: 9000 }), u: fc.constantFrom(1, 2, 3) }),
    {
      selector: ({ takenAt }) => takenAt,
      minLength: 1,
      maxLength: 60,
    },
  )
  fc.assert(
    fc.property(points, (list) => {
      const all = list.map(({ takenAt, u }) => point(takenAt, takenAt / 10, u))
      assert.deepStrictEqual(historyOf(all), historyOf([...all].reverse()))
    }),
  )
})

t.test('a slope: of a line, in spite of wild readings, not of a step, and not of noise', async (t) => {
  const line = Array.from({ length: 20 }, (_, i) => point(i * 120, i * 0.012))
  t.ok(Math.abs(slopeOf(line) - 1e-4) < 1e-9)
  const wild = line.map((one, i) => (i === 5 || i === 14 ? { ...one, offsetSeconds: 9 } : one))
  t.ok(Math.abs(slopeOf(wild) - 1e-4) < 2e-5)
  t.ok(slopeOf(line.map((one) => ({ ...one, offsetSeconds: -one.offsetSeconds }))) < -9e-5)
  t.equal(slopeOf(line.map((one, i) => ({ ...one, offsetSeconds: i < 7 ? 0 : 1 }))), 0)
  t.equal(slopeOf(line.map((one, i) => ({ ...one, offsetSeconds: i % 2 }))), 0)
  t.ok(Number.isNaN(slopeOf(line.slice(0, 3))))
})
