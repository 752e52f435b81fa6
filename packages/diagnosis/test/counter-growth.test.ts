import t from 'tap'
import { addReading, type CounterHistory, conntrackShare, growthOf } from '../src/counter-growth.ts'

const historyOf = (...readings: readonly (readonly [at: number, value: number])[]): CounterHistory => {
  const history: CounterHistory = []
  for (const [at, value] of readings) addReading(history, at, value)
  return history
}

t.test('growth between readings of the last while', async (t) => {
  const history = historyOf([0, 10], [600, 12], [1200, 17])
  t.equal(growthOf(history, 1200, 3600), 7)
  t.equal(growthOf(history, 1200, 700), 5)
  t.equal(growthOf(history, 1200, 100), null, 'one reading says nothing')
  t.equal(growthOf([], 1200, 3600), null)
})

t.test('trap 23: a counter that was set back grew from zero', async (t) => {
  t.equal(growthOf(historyOf([0, 1000], [600, 3], [1200, 5]), 1200, 3600), 5)
})

t.test('readings of each minute are kept five minutes apart, and the newest always', async (t) => {
  const minutes = Array.from({ length: 121 }, (_, i) => [i * 60, i] as const)
  const history = historyOf(...minutes)
  t.ok(history.length <= 14, `${history.length} of 121 are kept`)
  t.same(history.at(-1), { at: 7200, value: 120 })
  t.equal(growthOf(history, 7200, 3600), 60)
  t.ok(history.every(({ at }) => at >= 3600))
})

t.test('how full the connection table is', async (t) => {
  t.equal(conntrackShare({ entries: 95, max: 100, counters: {} }), 0.95)
  for (const unknown of [
    { entries: null, max: 100 },
    { entries: 95, max: null },
    { entries: 95, max: 0 },
  ])
    t.equal(conntrackShare({ ...unknown, counters: {} }), 0)
})
