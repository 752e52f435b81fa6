import type { ProbeContext } from '../src/probe.ts'

/** A context for tests: times that no stall of a busy machine reaches, and what `onOverdue` was called. */
export function shortContext(deadlineSeconds = 1, closeSeconds = 2) {
  const controller = new AbortController()
  const counted = { overdue: 0 }
  const context: ProbeContext = {
    signal: controller.signal,
    deadlineSeconds,
    closeSeconds,
    onOverdue: () => counted.overdue++,
  }
  return { context, counted, abort: () => controller.abort() }
}
