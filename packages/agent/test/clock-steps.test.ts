import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Round as RoundSchema } from '@oddnode/protocol/schema'
import t, { type Test } from 'tap'
import { Value } from 'typebox/value'
import { skewedClock, whyNoFaketime } from '../../probes/test/faketime.ts'
import { type ClockStep, watchClockSteps } from '../src/clock-steps.ts'
import { startAggregator } from './aggregator.ts'
import { until } from './until.ts'
import { virtualTime } from './virtual-time.ts'

/** A machine whose clocks a test sets: steps of the wall clock, and sleep, which /proc/uptime counts and the monotonic clock does not. */
function machine(t: Test, { uptime = true } = {}) {
  const time = virtualTime()
  const proc = t.testdir({})
  const steps: ClockStep[] = []
  const set = { wall: 0, slept: 0 }
  const writeUptime = (at: number) => {
    if (uptime) writeFileSync(join(proc, 'uptime'), `${(at + set.slept).toFixed(2)} 1.00\n`)
  }
  writeUptime(time.now())
  const clock = { steppedSeconds: () => set.wall }
  const watch = watchClockSteps({ onStep: (step) => steps.push(step), proc, time, clock })
  return {
    steps,
    time,
    watch,
    step: (seconds: number) => {
      set.wall += seconds
    },
    sleep: (seconds: number) => {
      set.wall += seconds
      set.slept += seconds
    },
    seconds: async (count: number) => {
      for (let i = 0; i < count; i++) {
        writeUptime(time.now() + 1)
        await time.advance(1)
      }
    },
  }
}

const near = (value: number | undefined, wanted: number) => Math.abs((value ?? Number.NaN) - wanted) < 0.03

t.test('a step is told within a second, once, with its sign', async (t) => {
  const { steps, time, step, seconds } = machine(t)
  await seconds(3)
  const before = time.now()
  step(-94)
  await seconds(3)
  t.equal(steps.length, 1)
  t.match(steps, [{ asleep: false }])
  t.ok(near(steps[0]?.seconds, -94))
  t.ok((steps[0]?.at ?? 0) > before && (steps[0]?.at ?? 0) <= before + 1)
  step(3600)
  await seconds(2)
  t.ok(near(steps[1]?.seconds, 3600))
})

t.test('a tenth of a second is no step, however often', async (t) => {
  const { steps, step, seconds } = machine(t)
  for (let i = 0; i < 40; i++) {
    step(0.09)
    await seconds(1)
  }
  t.strictSame(steps, [])
  step(0.11)
  await seconds(1)
  t.equal(steps.length, 1)
})

t.test('a suspend is no step, and what was set after it is one', async (t) => {
  const { steps, sleep, step, seconds } = machine(t)
  await seconds(1)
  sleep(7200)
  await seconds(1)
  t.match(steps, [{ asleep: true }])
  t.ok(near(steps[0]?.seconds, 7200))
  sleep(60)
  step(-2)
  await seconds(1)
  t.match(steps[1], { asleep: false })
  t.ok(near(steps[1]?.seconds, -2), `${steps[1]?.seconds}`)
  step(5)
  await seconds(1)
  t.ok(near(steps[2]?.seconds, 5), 'the sleep before it is not counted again')
})

t.test('without /proc/uptime a step is a step', async (t) => {
  const { steps, step, seconds } = machine(t, { uptime: false })
  step(30)
  await seconds(1)
  t.match(steps, [{ seconds: 30, asleep: false }])
})

t.test('stopped, it looks no more', async (t) => {
  const { steps, step, seconds, watch } = machine(t)
  watch.stop()
  step(30)
  await seconds(3)
  t.strictSame(steps, [])
})

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

t.test('the clock of an agent is set while it runs: pushed at once', { skip: whyNoFaketime() ?? false }, async (t) => {
  const file = join(t.testdir({ offset: '+0\n' }), 'offset')
  const aggregator = await startAggregator(t)
  const flags = ['--intervalSeconds=600', '--listen.port=0', `--aggregator=${aggregator.url}`]
  const child = spawn(process.execPath, ['--conditions=@oddnode/source', main, ...flags], {
    env: { PATH: process.env['PATH'], ...skewedClock({ file }) },
  })
  t.teardown(() => child.kill('SIGKILL'))
  let output = ''
  child.stdout.on('data', (text) => {
    output += text
  })
  await until('it started', () => output.includes('"started"'), 20)
  writeFileSync(file, '-94\n')
  await until('a push', () => aggregator.pushes.length > 0)
  const { round } = aggregator.pushes[0] ?? {}
  t.ok(Value.Check(RoundSchema, round))
  const [step] = round?.clockSteps ?? []
  t.match(step, { asleep: false })
  t.ok(near(step?.seconds, -94), `${step?.seconds} s`)
  t.ok(step !== undefined && step.ageSeconds < 1)
  t.match(output, /"clock stepped"/)
})
