import { type Observation, observationOf } from '@oddnode/protocol'
import type { ProbeContext } from './probe.ts'

/** What one attempt does in its moments. */
export type Attempt = {
  /** The deadline passed. An observation ends the attempt; null waits for a late answer. */
  atDeadline: () => Observation | null
  /** The socket is not kept any longer. */
  atClose: () => Observation
  /** Closes what was opened; called exactly once. */
  release: () => void
}

/** Ends the attempt with what it saw. Only the first call counts. */
export type End = (observation: Observation) => void

/**
 * Runs one attempt: resolves with what it ended with, at the latest after `closeSeconds`; on abort at once, as `local-error`.
 * @param open begins it; may end it at once
 */
export function attempt(context: ProbeContext, open: (end: End) => Attempt): Promise<Observation> {
  const { signal, deadlineSeconds, closeSeconds, onOverdue } = context
  if (signal.aborted) return Promise.resolve(aborted())
  return new Promise((resolve) => {
    let ended = false
    let opened: Attempt | undefined
    const end: End = (observation) => {
      if (ended) return
      ended = true
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      opened?.release()
      resolve(observation)
    }
    const onAbort = () => end(aborted())
    const onDeadline = (running: Attempt) => {
      const observation = running.atDeadline()
      timer = setTimeout(() => end(running.atClose()), (closeSeconds - deadlineSeconds) * 1000)
      // Whoever is told may abort: then the timer is there to be cleared.
      onOverdue?.()
      if (observation) end(observation)
    }
    signal.addEventListener('abort', onAbort)
    let timer = setTimeout(() => opened && onDeadline(opened), deadlineSeconds * 1000)
    opened = open(end)
    if (ended) opened.release()
  })
}

const aborted = () => observationOf('local-error', { error: 'aborted' })
