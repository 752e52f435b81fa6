import t from 'tap'
import { createClock } from '../src/clock.ts'

/** Sources on which each reading takes a microsecond. */
function sources(startWall: number) {
  let elapsed = 0
  let step = 0
  const read = () => {
    elapsed += 0.001
    return elapsed
  }
  return {
    monotonic: read,
    wall: () => Math.floor(startWall + step + read()),
    pass: (milliseconds: number) => {
      elapsed += milliseconds
    },
    step: (milliseconds: number) => {
      step += milliseconds
    },
    truth: () => startWall + step + elapsed,
  }
}

t.test('wall time is exact to microseconds although Date.now() says milliseconds', async (t) => {
  const fake = sources(1_795_251_600_000.637)
  const clock = createClock(fake)
  for (let i = 0; i < 50; i++) {
    fake.pass(137.31)
    const mark = clock.mark()
    const truth = fake.truth()
    const error = clock.wallTime(mark) * 1000 - truth
    t.ok(Math.abs(error) < 0.02, `off by ${error} ms`)
  }
})

t.test('trap 18: a step of the wall clock moves wall time and nothing else', async (t) => {
  const fake = sources(1_795_251_600_000)
  const clock = createClock(fake)
  const before = clock.now()
  fake.pass(100)
  fake.step(-94_000)
  const mark = clock.mark()
  const truth = fake.truth()
  t.ok(Math.abs(clock.wallTime(mark) * 1000 - truth) < 0.02, 'follows the step at once')
  t.ok(Math.abs(clock.now() - before - 0.1) < 0.002, 'the ordering clock went on by what passed')
})

t.test('a step is told once, slewing and rounding are none', async (t) => {
  const fake = sources(1_795_251_600_000)
  const clock = createClock(fake)
  fake.pass(3_600_000)
  t.equal(clock.setBy(), 0)
  fake.step(-94_000)
  t.ok(Math.abs(clock.setBy() + 94) < 0.002)
  t.equal(clock.setBy(), 0)
})

t.test('a step is seen only from 2 ms on, but the anchor is renewed each second', async (t) => {
  const fake = sources(1_795_251_600_000)
  const clock = createClock(fake)
  fake.step(0.9)
  fake.pass(1100)
  const mark = clock.mark()
  const truth = fake.truth()
  t.ok(Math.abs(clock.wallTime(mark) * 1000 - truth) < 0.02)
})

t.test('the real clock', async (t) => {
  const clock = createClock()
  const wall = clock.wallTime(clock.mark()) * 1000
  t.ok(Math.abs(wall - Date.now()) < 50, 'is about Date.now()')
  t.ok(Math.abs(clock.now() * 1000 - Date.now()) < 50)
})
