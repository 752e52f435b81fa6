import type { ProbeContext } from '../src/probe.ts'

/** A context for tests: times that no stall of a busy machine reaches. */
export function shortContext(deadlineSeconds = 1, closeSeconds = 2) {
  const controller = new AbortController()
  const context: ProbeContext = {
    signal: controller.signal,
    deadlineSeconds,
    closeSeconds,
  }
  return { context, abort: () => controller.abort() }
}
