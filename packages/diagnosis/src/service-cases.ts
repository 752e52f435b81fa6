import type { Target } from '@oddnode/protocol'
import type { Cell } from './cell.ts'
import { failingSince } from './cell-truth.ts'
import { nodeFails, nodeIsUnwell } from './node-fails.ts'
import type { Case } from './rule.ts'
import { cellsOf, type Sight, targetsOf } from './sight.ts'
import { allCellsTo, behindNodeLocal, clusterIps } from './ways.ts'

/** A ClusterIP of cluster DNS that is not node-local DNS under another name, as both vantages see it. */
export type ServiceCase = Case & { target: Target; host: readonly Cell[]; pod: readonly Cell[] }

/** Each ClusterIP of cluster DNS of a node on which something fails, and what hangs on it. */
export const serviceCases = (sight: Sight): ServiceCase[] => (nodeFails(sight) ? casesOf(sight) : [])

/** The same of a node on which something is only late, too. */
export const lateServiceCases = (sight: Sight): ServiceCase[] => (nodeIsUnwell(sight) ? casesOf(sight) : [])

function casesOf(sight: Sight): ServiceCase[] {
  return clusterIps(sight).map((target) => {
    const { role, address } = target
    const host = cellsOf(sight, { vantage: 'host', role, address })
    const pod = cellsOf(sight, { vantage: 'pod', role, address })
    const evidence = [...host, ...pod]
    const explains = [
      ...allCellsTo(sight, [target]),
      ...(isAskedByNodeLocal(sight, target) ? behindNodeLocal(sight) : []),
    ]
    return { since: failingSince(evidence), evidence, explains, target, host, pod }
  })
}

/** Node-local DNS asks CoreDNS by the second ClusterIP, where it has one. */
export function isAskedByNodeLocal(sight: Sight, { role }: Pick<Target, 'role'>): boolean {
  if (!hasNodeLocal(sight)) return false
  return role === 'cluster-dns-upstream' || targetsOf(sight, 'cluster-dns-upstream').length === 0
}

export const hasNodeLocal = (sight: Sight): boolean => targetsOf(sight, 'node-local').length > 0
