import { nodeNotObserved } from './faults/node-not-observed.ts'
import type { Fleet } from './fleet.ts'

/**
 * When a node of which nothing had been heard was heard again, on the aggregator's clock: its agents do not come back in the same second,
 * and bring what they saw meanwhile. −Infinity while nothing is heard, or where that was never so, as far as it is remembered.
 */
export function backSince({ findings, leftAt }: Pick<Fleet, 'findings' | 'leftAt'>, name: string): number {
  let since = -Infinity
  for (const { fault, scope, ended } of findings.values()) {
    if (fault !== nodeNotObserved.name) continue
    const isNamed = scope.kind === 'cluster' || scope.nodes.includes(name)
    if (isNamed && ended === null) return -Infinity
    // Of a group the others may be silent yet: then it is named no more.
    const back = isNamed && ended !== null ? Date.parse(ended) / 1000 : (leftAt.get(name) ?? -Infinity)
    since = Math.max(since, back)
  }
  return since
}
