import { performance } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'

/** Work for this long is followed by a breath of the event loop. */
const SLICE_MILLISECONDS = 10

/** Does all steps of a piece of work, and lets the event loop in whenever a slice of time is used up. @returns what the steps return */
export async function inSlices<T>(steps: Generator<void, T, void>): Promise<T> {
  let sliceEnd = performance.now() + SLICE_MILLISECONDS
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    if (performance.now() < sliceEnd) continue
    await setImmediate()
    sliceEnd = performance.now() + SLICE_MILLISECONDS
  }
}
