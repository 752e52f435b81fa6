import fc from 'fast-check'
import t from 'tap'
import { addRound, createBuffer, removeRound } from '../src/round-buffer.ts'

const round = (counter: number) => ({ counter, endedAt: counter, planId: 'ab', members: '', facts: null })

t.test('bounded: the oldest is dropped first, and counted', async () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 200 }), (limit, count) => {
      const buffer = createBuffer(limit)
      let told = 0
      for (let i = 0; i < count; i++) if (addRound(buffer, round(i))) told++
      const kept = Math.min(limit, count)
      return (
        buffer.dropped === count - kept &&
        told === buffer.dropped &&
        buffer.rounds.map(({ counter }) => counter).join() ===
          Array.from({ length: kept }, (_, i) => count - kept + i).join()
      )
    }),
  )
})

t.test('a round that was dropped while it was pushed is no longer there, and that is fine', async (t) => {
  const buffer = createBuffer(2)
  for (const counter of [0, 1, 2]) addRound(buffer, round(counter))
  removeRound(buffer, 0)
  removeRound(buffer, 1)
  t.strictSame(
    buffer.rounds.map(({ counter }) => counter),
    [2],
  )
})
