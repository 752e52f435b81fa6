import { createHash } from 'node:crypto'
import type { Scope } from '@oddnode/protocol'

/** What makes two scopes the same one. */
export function scopeKey({ kind, nodes, subject }: Scope): string {
  const { role, address, pod, node } = subject ?? { role: null, address: null, pod: null, node: null }
  return JSON.stringify([kind, [...nodes].sort(), role, address, pod, node])
}

/**
 * The identity of a finding: the first 16 hexadecimal digits of SHA-256 over fault, scope and when it was first seen.
 * @param since seconds on the aggregator's clock
 */
export function findingId(fault: string, scope: Scope, since: number): string {
  const text = JSON.stringify([fault, scopeKey(scope), Math.round(since * 1000)])
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
