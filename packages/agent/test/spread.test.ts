import fc from 'fast-check'
import t from 'tap'
import { randomOrder, roundSeconds, sendOffsets } from '../src/spread.ts'
import { seeded } from './virtual-time.ts'

const seed = fc.integer()

t.test('a round lasts its interval within 20 %', async () => {
  fc.assert(
    fc.property(fc.double({ min: 0.2, max: 3600, noNaN: true }), seed, (interval, seed) => {
      const seconds = roundSeconds(interval, seeded(seed))
      return seconds >= 0.8 * interval && seconds <= 1.2 * interval
    }),
  )
})

t.test('never a burst: each probe has its own part of the sending time', async () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1024 }),
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 60 }),
      seed,
      (count, length, close, seed) => {
        const gap = Math.max(length - close, length / 2) / count
        return sendOffsets(count, length, close, seeded(seed)).every((at, i) => at >= i * gap && at <= (i + 1) * gap)
      },
    ),
  )
})

t.test('a late answer still fits into the round where the round is long enough', async (t) => {
  const offsets = sendOffsets(50, 15, 6, seeded(1))
  t.ok((offsets.at(-1) ?? 99) + 6 <= 15)
  t.strictSame(sendOffsets(0, 15, 6, seeded(1)), [])
})

t.test('an order is a permutation', async (t) => {
  t.strictSame(
    randomOrder(100, seeded(1)).sort((a, b) => a - b),
    Array.from({ length: 100 }, (_, i) => i),
  )
  t.notSame(randomOrder(100, seeded(1)), randomOrder(100, seeded(2)))
})
