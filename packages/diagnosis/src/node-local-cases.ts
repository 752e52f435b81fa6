import type { Target } from '@oddnode/protocol'
import type { Cell } from './cell.ts'
import { failingSince } from './cell-truth.ts'
import { nodeFails } from './node-fails.ts'
import type { Case } from './rule.ts'
import { allCells, cellsOf, local, type Sight, targetsOf } from './sight.ts'

/** A node-local cache that fails from both vantages, or from the only one that asks it. */
export type DeadCache = Case & { target: Target; host: readonly Cell[]; pod: readonly Cell[] }

/**
 * Each node-local cache of a node on which something fails. A ClusterIP that lives on the node is the same process, and the nameserver of
 * pods is this one: both go with it.
 */
export function nodeLocalCases(sight: Sight): DeadCache[] {
  if (!nodeFails(sight)) return []
  return targetsOf(sight, 'node-local').map((target) => {
    const { address } = target
    const host = cellsOf(sight, { vantage: 'host', role: 'node-local', address })
    const pod = cellsOf(sight, { vantage: 'pod', role: 'node-local', address })
    const evidence = [...host, ...pod]
    const explains = (['host', 'pod'] as const)
      .flatMap((vantage) => allCells(sight, vantage))
      .filter(
        (cell) =>
          cell.target.address === address ||
          cell.target.role === 'resolv-conf' ||
          (cell.target.role === 'cluster-dns' && local(sight, cell.target.address) === 'yes'),
      )
    return { since: failingSince(evidence), evidence, explains, target, host, pod }
  })
}
