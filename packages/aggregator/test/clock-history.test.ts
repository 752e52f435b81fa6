import type { ClockReading } from '@oddnode/diagnosis'
import type { ClockSample } from '@oddnode/protocol'
import fc from 'fast-check'
import t from 'tap'
import { createClockHistory } from '../src/clock-history.ts'
import { clockSample } from './pushing.ts'

const ntp = (address: string, sample: Partial<ClockSample> = {}): ClockSample => ({
  ...clockSample(0),
  ...sample,
  reference: { kind: 'ntp', address },
})

const told = (samples: readonly ClockSample[], lastSeen = 1000) => ({
  node: 'a',
  vantage: 'host' as const,
  lastSeen,
  clocks: samples.map((sample): ClockReading => ({ sample, takenAt: lastSeen - 12 })),
})

t.test('a reading is news where it is the first one, and where it moved', async (t) => {
  const { pushed } = createClockHistory()
  t.match(pushed(told([clockSample(0)])), [{ notedAt: 1000, agent: 'host/a', reading: { takenAt: 988 } }])
  t.strictSame(pushed(told([clockSample(0.01)])), [], 'within what it may be off by, and 10 ms')
  t.equal(pushed(told([clockSample(-94)])).length, 1)
  t.strictSame(pushed(told([clockSample(-94.005)])), [])
  t.equal(pushed(told([clockSample(0)])).length, 1, 'and back')
  t.equal(pushed(told([clockSample(5, 4)])).length, 1)
  t.strictSame(pushed(told([clockSample(10, 4)])), [], 'either may be off by so much')
})

t.test('each reference for itself, the aggregator as one whatever its address', async (t) => {
  const { pushed } = createClockHistory()
  t.equal(pushed(told([clockSample(0), ntp('192.0.2.1')])).length, 2)
  const elsewhere = { ...clockSample(0), reference: { kind: 'aggregator', address: '10.244.0.7' } as const }
  t.strictSame(pushed(told([elsewhere, ntp('192.0.2.1')])), [])
  t.match(pushed(told([elsewhere, ntp('192.0.2.1', { outcome: 'timeout', offsetSeconds: null })])), [
    { reading: { sample: { outcome: 'timeout' } } },
  ])
})

t.test('what is forgotten is news again', async (t) => {
  const { pushed, forgetAgent, clear } = createClockHistory()
  for (const forget of [() => forgetAgent('host/a'), clear]) {
    t.equal(pushed(told([clockSample(0)])).length, 1)
    t.strictSame(pushed(told([clockSample(0)])), [])
    forget()
  }
  t.equal(pushed(told([clockSample(0)])).length, 1)
})

t.test('property: what is noted is never further off than both readings may be, and 10 ms', async () => {
  const offsets = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(offsets, (seconds) => {
      const { pushed } = createClockHistory()
      let noted = Number.NaN
      return seconds.every((offset) => {
        noted = pushed(told([clockSample(offset)]))[0]?.reading.sample.offsetSeconds ?? noted
        return Math.abs(noted - offset) <= 0.001 + 0.01
      })
    }),
  )
})
