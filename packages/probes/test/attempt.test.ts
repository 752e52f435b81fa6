import { setTimeout as sleep } from 'node:timers/promises'
import { observationOf } from '@oddnode/protocol'
import t from 'tap'
import { attempt, type End } from '../src/attempt.ts'

const timeout = observationOf('timeout')
const answered = observationOf('answered')

/** Runs an attempt that counts its calls. */
function run(options: { atDeadline?: typeof timeout; open?: (end: End) => void; signal?: AbortSignal } = {}) {
  const calls = { overdue: 0, released: 0, opened: 0 }
  const signal = options.signal ?? new AbortController().signal
  const context = { signal, deadlineSeconds: 0.02, closeSeconds: 0.04, onOverdue: () => calls.overdue++ }
  const observation = attempt(context, (end) => {
    calls.opened++
    options.open?.(end)
    return { atDeadline: () => options.atDeadline ?? null, atClose: () => timeout, release: () => calls.released++ }
  })
  return { observation, calls }
}

t.test('an answer ends it before anything is overdue, and only the first counts', async (t) => {
  const { observation, calls } = run({ open: (end) => queueMicrotask(() => [end(answered), end(timeout)]) })
  t.equal(await observation, answered)
  await sleep(60)
  t.strictSame(calls, { overdue: 0, released: 1, opened: 1 })
})

t.test('without an answer: overdue once at the deadline, over at the close', async (t) => {
  const { observation, calls } = run()
  t.equal(calls.overdue, 0)
  t.equal(await observation, timeout)
  t.strictSame(calls, { overdue: 1, released: 1, opened: 1 })
})

t.test('what came instead is told at the deadline', async (t) => {
  const mismatch = observationOf('mismatch')
  const { observation, calls } = run({ atDeadline: mismatch })
  t.equal(await observation, mismatch)
  t.strictSame(calls, { overdue: 1, released: 1, opened: 1 })
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

t.test('whoever is told that it is overdue may abort', async (t) => {
  const controller = new AbortController()
  const context = {
    signal: controller.signal,
    deadlineSeconds: 0.02,
    closeSeconds: 0.04,
    onOverdue: () => controller.abort(),
  }
  const observation = await attempt(context, () => ({
    atDeadline: () => null,
    atClose: () => timeout,
    release: () => {},
  }))
  t.match(observation, { outcome: 'local-error', error: 'aborted' })
})

t.test('a thousand attempts leave no listener behind and make no warning', async (t) => {
  const controller = new AbortController()
  const warnings: Error[] = []
  const onWarning = (warning: Error) => warnings.push(warning)
  process.on('warning', onWarning)
  let listeners = 0
  const { signal } = controller
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
  signal.addEventListener = (...of: Parameters<typeof add>) => [listeners++, add(...of)]
  signal.removeEventListener = (...of: Parameters<typeof remove>) => [listeners--, remove(...of)]
  await Promise.all(Array.from({ length: 1_000 }, () => run({ signal }).observation))
  await sleep(0)
  process.off('warning', onWarning)
  t.strictSame([warnings.length, listeners], [0, 0])
})
