import type { Observation } from '@oddnode/protocol'
import { observationOf } from '@oddnode/protocol'
import type { Rejection, Reply } from './reply.ts'

/** An answer in time is `answered` or `truncated`; after the deadline it is `late`, whatever it says. */
export function judged(reply: Reply, inTime: boolean, seen: Partial<Omit<Observation, 'outcome'>>): Observation {
  const { outcome, ...read } = reply
  return observationOf(inTime ? outcome : 'late', { ...read, ...seen })
}

/** What came instead of the answer, kept while the right one may still come: a forged packet must never beat it. */
export type Rejected = Pick<Observation, 'source' | 'error'> & { outcome: 'mismatch' | 'malformed' | 'wrong-source' }

/** The nearer to the answer, the more it tells: the right one from another address, a broken one, a foreign one. */
const nearness = { mismatch: 0, malformed: 1, 'wrong-source': 2 } as const

/** @returns what is to be told if the right answer does not come; the first of two that tell the same */
export function nearer(before: Rejected | null, now: Rejected): Rejected {
  return before === null || nearness[now.outcome] > nearness[before.outcome] ? now : before
}

/** A reading that is no answer from who was asked. */
export function rejected(reading: Reply | Rejection, source: string | null): Rejected {
  if ('error' in reading) return { ...reading, source }
  return { outcome: 'wrong-source', source, error: null }
}
