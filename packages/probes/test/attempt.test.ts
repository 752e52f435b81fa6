import { getEventListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { observationOf } from '@oddnode/protocol'
import t from 'tap'
import { attempt, type End } from '../src/attempt.ts'

const timeout = observationOf('timeout')
const answered = observationOf('answered')

/** Runs an attempt that counts its calls. */
function run(options: { atDeadline?: typeof timeout; open?: (end: End) => void; signal?: AbortSignal } = {}) {
  const calls = { deadlines: 0, released: 0, opened: 0 }
  const signal = options.signal ?? new AbortController().signal
  const context = { signal, deadlineSeconds: 0.02, closeSeconds: 0.04 }
  const observation = attempt(context, (end) => {
    calls.opened++
    options.open?.(end)
    const atDeadline = () => {
      calls.deadlines++
      return options.atDeadline ?? null
    }
    return { atDeadline, atClose: () => timeout, release: () => calls.released++ }
  })
  return { observation, calls }
}

t.test('an answer ends it before the deadline, and only the first counts', async (t) => {
  const { observation, calls } = run({ open: (end) => queueMicrotask(() => [end(answered), end(timeout)]) })
  t.equal(await observation, answered)
  await sleep(60)
  t.strictSame(calls, { deadlines: 0, released: 1, opened: 1 })
})

t.test('without an answer: asked once at the deadline, over at the close', async (t) => {
  const { observation, calls } = run()
  t.equal(calls.deadlines, 0)
  t.equal(await observation, timeout)
  t.strictSame(calls, { deadlines: 1, released: 1, opened: 1 })
})

t.test('what came instead is told at the deadline', async (t) => {
  const mismatch = observationOf('mismatch')
  const { observation, calls } = run({ atDeadline: mismatch })
  t.equal(await observation, mismatch)
  t.strictSame(calls, { deadlines: 1, released: 1, opened: 1 })
})

t.test('one that ends while it is opened is released all the same', async (t) => {
  const { observation, calls } = run({ open: (end) => end(answered) })
  t.equal(await observation, answered)
  t.equal(calls.released, 1)
})

t.test('an abort ends it at once', async (t) => {
  const controller = new AbortController()
  const { observation, calls } = run({ signal: controller.signal })
  controller.abort()
  t.match(await observation, { outcome: 'local-error', error: 'aborted' })
  t.equal(calls.released, 1)
  const after = run({ signal: controller.signal })
  t.match(await after.observation, { outcome: 'local-error', error: 'aborted' })
  t.equal(after.calls.opened, 0, 'nothing is opened after an abort')
})

t.test('a thousand attempts share one listener and make no warning', async (t) => {
  const controller = new AbortController()
  const warnings: Error[] = []
  const onWarning = (warning: Error) => warnings.push(warning)
  process.on('warning', onWarning)
  const { signal } = controller
  await Promise.all(Array.from({ length: 1_000 }, () => run({ signal }).observation))
  await sleep(0)
  process.off('warning', onWarning)
  t.strictSame([warnings.length, getEventListeners(signal, 'abort').length], [0, 1])
})
