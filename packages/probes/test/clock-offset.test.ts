import fc from 'fast-check'
import t from 'tap'
import { clockOffset, serverDistance } from '../src/clock-offset.ts'

/** The exchange that a node `ahead` seconds ahead has, with these ways there and back. */
const exchangeOf = (ahead: number, there: number, served: number, back: number) => ({
  t1: 100 + ahead,
  t2: 100 + there,
  t3: 100 + there + served,
  t4: 100 + there + served + back + ahead,
})

t.test('trap 15: + is ahead. A server that is 5 s ahead reads −5 s', async (t) => {
  t.match(clockOffset({ t1: 0, t2: 5, t3: 5, t4: 0 }, 0), { offsetSeconds: -5, delaySeconds: 0, uncertaintySeconds: 0 })
  t.match(clockOffset(exchangeOf(94, 0, 0, 0), 0), { offsetSeconds: 94 })
  t.match(clockOffset(exchangeOf(-94, 0, 0, 0), 0), { offsetSeconds: -94 })
})

t.test('equal ways cancel, whatever the server took', async (t) => {
  for (const ahead of [0, 0.005, -0.005, 1, -1]) {
    const { offsetSeconds, delaySeconds } = clockOffset(exchangeOf(ahead, 0.02, 0.3, 0.02), 0)
    t.ok(Math.abs(offsetSeconds - ahead) < 1e-12)
    t.ok(Math.abs(delaySeconds - 0.04) < 1e-12)
  }
})

t.test('trap 16: however the delay was split, the truth is within the uncertainty', async (t) => {
  const seconds = (min: number, max: number) => fc.double({ min, max, noNaN: true })
  fc.assert(
    fc.property(seconds(-1e5, 1e5), seconds(0, 10), seconds(0, 10), seconds(0, 10), (ahead, there, served, back) => {
      const { offsetSeconds, uncertaintySeconds } = clockOffset(exchangeOf(ahead, there, served, back), 0)
      return Math.abs(offsetSeconds - ahead) <= uncertaintySeconds + 1e-9
    }),
  )
  const oneWay = clockOffset(exchangeOf(0, 0.04, 0, 0), 0)
  t.ok(Math.abs(oneWay.offsetSeconds + 0.02) < 1e-9)
  t.ok(Math.abs(oneWay.offsetSeconds) <= oneWay.uncertaintySeconds + 1e-9)
})

t.test('a server that claims more time than passed is uncertain, not fast', async (t) => {
  const { delaySeconds, uncertaintySeconds } = clockOffset({ t1: 0, t2: 0, t3: 10, t4: 0.001 }, 0)
  t.equal(delaySeconds, 0)
  t.ok(uncertaintySeconds > 4.9)
})

t.test("the reference's own distance adds to the uncertainty", async (t) => {
  t.equal(serverDistance(0.5, 0.25), 0.5)
  t.equal(clockOffset({ t1: 0, t2: 0, t3: 0, t4: 0 }, 0.013).uncertaintySeconds, 0.013)
})
