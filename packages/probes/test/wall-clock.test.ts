import fc from 'fast-check'
import t from 'tap'
import { anchorWallClock, type ClockSources } from '../src/wall-clock.ts'

/** Clocks that advance by `cost` milliseconds with each reading, and by what `interrupt` says for the nth. */
function fakeClocks(start: number, cost: (reading: number) => number) {
  let monotonic = 500
  let reading = 0
  let stepped = 0
  const unix = () => start + (monotonic - 500) + stepped
  const advance = () => {
    monotonic += cost(reading++)
  }
  const sources: ClockSources = {
    monotonicMilliseconds: () => {
      advance()
      return monotonic
    },
    unixMilliseconds: () => {
      advance()
      return Math.floor(unix())
    },
  }
  return {
    sources,
    unix,
    step: (milliseconds: number) => {
      stepped += milliseconds
    },
  }
}

t.test('the anchor is right within its own uncertainty, wherever in the millisecond it begins', async (t) => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0.00002, max: 0.01, noNaN: true }),
      (phase, cost) => {
        const fake = fakeClocks(1_790_000_000_000 + phase, () => cost)
        const clock = anchorWallClock(fake.sources)
        const error = Math.abs(clock.unixSeconds() - fake.unix() / 1000)
        return error <= clock.uncertaintySeconds + 1e-6 && clock.uncertaintySeconds <= (3 * cost) / 1000
      },
    ),
  )
  t.pass()
})

t.test('an interruption during one tick is noticed and the next tick taken', async (t) => {
  const interruptedOnce = (reading: number) => (reading === 300 ? 4 : 0.001)
  const clock = anchorWallClock(fakeClocks(1_790_000_000_000.5, interruptedOnce).sources)
  t.ok(clock.uncertaintySeconds < 5e-6, `${clock.uncertaintySeconds}`)
})

t.test('interrupted at every tick: the narrowest is taken, and its width said', async (t) => {
  const fake = fakeClocks(1_790_000_000_000.5, () => 0.7)
  const clock = anchorWallClock(fake.sources)
  t.ok(clock.uncertaintySeconds > 0.0005)
  t.ok(Math.abs(clock.unixSeconds() - fake.unix() / 1000) <= clock.uncertaintySeconds + 1e-6)
})

t.test('a clock that does not tick is taken as it stands, after a bounded wait', async (t) => {
  let readings = 0
  const frozen: ClockSources = {
    unixMilliseconds: () => 1_790_000_000_000,
    monotonicMilliseconds: () => readings++ * 0.001,
  }
  const clock = anchorWallClock(frozen)
  t.equal(clock.anchorUnixMilliseconds, 1_790_000_000_000)
  t.ok(Math.abs(clock.uncertaintySeconds - 0.0005) < 2e-6)
  t.ok(readings < 40_000)
})

t.test('interrupted between looking at one clock and at the other', async (t) => {
  for (let at = 1; at < 40; at++) {
    const fake = fakeClocks(1_790_000_000_000.5, (reading) => (reading % 40 === at ? 23 : 0.001))
    const clock = anchorWallClock(fake.sources)
    const error = Math.abs(clock.unixSeconds() - fake.unix() / 1000)
    t.ok(error <= clock.uncertaintySeconds + 1e-6, `${at}: ${error} within ${clock.uncertaintySeconds}`)
  }
})

t.test('an interruption while looking for a step is none', async (t) => {
  let cost = 0.0001
  const fake = fakeClocks(1_790_000_000_000.25, () => cost)
  const clock = anchorWallClock(fake.sources)
  cost = 20
  t.ok(Math.abs(clock.steppedSeconds()) < 1e-6)
  fake.step(94_000)
  t.ok(Math.abs(clock.steppedSeconds() - 94) < 0.05, 'but a step is still one')
})

t.test('trap 18: a step is seen, but moves neither the time nor differences', async (t) => {
  const fake = fakeClocks(1_790_000_000_000.25, () => 0.0001)
  const clock = anchorWallClock(fake.sources)
  const before = clock.unixSeconds()
  t.ok(Math.abs(clock.steppedSeconds()) < 1e-6)
  fake.step(-94_000)
  t.ok(Math.abs(clock.steppedSeconds() + 94) < 0.0021)
  t.ok(Math.abs(clock.unixSeconds() - before) < 1e-5)
  t.ok(Math.abs(anchorWallClock(fake.sources).unixSeconds() - before + 94) < 0.01, 'a fresh anchor sees it')
})

t.test('the system clock', async (t) => {
  const clock = anchorWallClock()
  const before = Date.now()
  const now = clock.unixSeconds() * 1000
  t.ok(now > before - 1 && now < Date.now() + 1.5, `${now - before} ms`)
  t.equal(clock.anchorUnixMilliseconds % 1, 0)
  const first = clock.elapsedSeconds()
  t.ok(clock.elapsedSeconds() > first)
})
