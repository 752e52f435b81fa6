import { type Role, type Target, transports, type Vantage } from '@oddnode/protocol'
import type { Cell } from './cell.ts'
import { loss, ok } from './cell-truth.ts'
import { allCells, cellsOf, local, type Sight, targetsOf } from './sight.ts'
import { any, type Truth } from './truth.ts'

/** A server that a node can ask, with its plain probes from both vantages or one. */
export type Way = { target: Target; cells: Cell[] }

const both: readonly Vantage[] = ['host', 'pod']

/** The servers of a role, each with its probes from there. */
export function waysTo(sight: Sight, role: Role, vantages: readonly Vantage[] = both): Way[] {
  return targetsOf(sight, role).map((target) => ({
    target,
    cells: vantages.flatMap((vantage) => cellsOf(sight, { vantage, role, address: target.address })),
  }))
}

/**
 * Some CoreDNS pod answers this node directly, from one vantage and over one transport at least, and was seen to since: the others may have
 * a fault of their own.
 * @param since seconds on the aggregator's clock
 */
export const reachesCoreDns = (sight: Sight, since: number, vantages: readonly Vantage[] = both): Truth =>
  any(...vantages.flatMap((vantage) => waysTo(sight, 'endpoint', [vantage]).map((way) => isOpen(way, since))))

const isOpen = ({ cells }: Way, since: number): Truth =>
  any(
    ...transports.map((transport) =>
      ok(
        cells.filter(({ planned }) => planned.transport === transport),
        since,
      ),
    ),
  )

/** The ClusterIPs of cluster DNS that lead to CoreDNS from here: node-local DNS owns none of them. */
export function clusterIps(sight: Sight): Target[] {
  return (['cluster-dns', 'cluster-dns-upstream'] as const)
    .flatMap((role) => targetsOf(sight, role))
    .filter(({ address }) => local(sight, address) !== 'yes')
}

/**
 * What a ClusterIP must lose if its rules are sound: the mean loss of the CoreDNS pods, from the same node and vantage. Null without data.
 */
export function expectedLoss(sight: Sight, vantage: Vantage): number | null {
  const losses = waysTo(sight, 'endpoint', [vantage]).flatMap(({ cells }) => loss(cells) ?? [])
  return losses.length === 0 ? null : losses.reduce((sum, one) => sum + one, 0) / losses.length
}

/**
 * What hangs on node-local DNS, which asks CoreDNS by a ClusterIP from the host: its own answers, by whatever address it has, and those of
 * resolv.conf's nameserver.
 */
export function behindNodeLocal(sight: Sight): Cell[] {
  return both
    .flatMap((vantage) => allCells(sight, vantage))
    .filter(
      ({ target: { role, address } }) =>
        role === 'node-local' || role === 'resolv-conf' || (role === 'cluster-dns' && local(sight, address) === 'yes'),
    )
}

/** Every probe of these servers from the node. */
export function allCellsTo(sight: Sight, targets: readonly Target[], vantages: readonly Vantage[] = both): Cell[] {
  const isAmong = (target: Target) =>
    targets.some(
      ({ role, address, port }) => role === target.role && address === target.address && port === target.port,
    )
  return vantages.flatMap((vantage) => allCells(sight, vantage)).filter(({ target }) => isAmong(target))
}
