import type { ProbeContext } from '../src/probe.ts'

/** A context for tests: short times, and what `onOverdue` was called. */
export function shortContext(deadlineSeconds = 0.15, closeSeconds = 0.4) {
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
