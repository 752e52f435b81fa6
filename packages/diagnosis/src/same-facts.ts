import { isDeepStrictEqual } from 'node:util'
import type { Facts } from '@oddnode/protocol'

/**
 * Whether two readings say the same of what a node is. Counters (connection tracking, UDP), and by how much the clock may be off, differ
 * in every reading: they are worth having, but no change, or each agent would write a row a minute for ever.
 */
export function sameFacts(a: Facts | null, b: Facts | null): boolean {
  return isDeepStrictEqual(withoutCounters(a), withoutCounters(b))
}

function withoutCounters(facts: Facts | null): Omit<Facts, 'conntrack' | 'udp' | 'timeKeeping'> | null {
  if (facts === null) return null
  const { conntrack, udp, timeKeeping, ...rest } = facts
  return {
    ...rest,
    ...(conntrack ? { conntrackMax: conntrack.max } : {}),
    ...(timeKeeping ? { timeKeeping: { ...timeKeeping, maxErrorSeconds: null } } : {}),
  }
}
