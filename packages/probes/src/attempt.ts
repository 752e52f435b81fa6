import { type Observation, observationOf } from '@oddnode/protocol'
import { onAbort } from './on-abort.ts'
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
  const { signal, deadlineSeconds, closeSeconds } = context
  if (signal.aborted) return Promise.resolve(aborted())
  return new Promise((resolve) => {
    let ended = false
    let opened: Attempt | undefined
    const end: End = (observation) => {
      if (ended) return
      ended = true
      clearTimeout(timer)
      forgetAbort()
      opened?.release()
      resolve(observation)
    }
    const forgetAbort = onAbort(signal, () => end(aborted()))
    const onDeadline = (running: Attempt) => {
      const observation = running.atDeadline()
      if (observation) end(observation)
      else timer = setTimeout(() => end(running.atClose()), (closeSeconds - deadlineSeconds) * 1000)
    }
    let timer = setTimeout(() => opened && onDeadline(opened), deadlineSeconds * 1000)
    opened = open(end)
    if (ended) opened.release()
  })
}

const aborted = () => observationOf('local-error', { error: 'aborted' })
