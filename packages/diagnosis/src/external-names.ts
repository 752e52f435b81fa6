import type { Role, Target, Vantage } from '@oddnode/protocol'
import type { Cell } from './cell.ts'
import { someOk, stateOf } from './cell-truth.ts'
import { failingCells } from './failing-cells.ts'
import type { Fleet } from './fleet.ts'
import { allCells, cellsOf, type Sight } from './sight.ts'
import type { Truth } from './truth.ts'

const both: readonly Vantage[] = ['host', 'pod']

/** What this node asks a server for names outside the cluster, from both vantages. */
export const externalCells = (sight: Sight, { role, address }: Pick<Target, 'role' | 'address'>): Cell[] =>
  both.flatMap((vantage) => cellsOf(sight, { vantage, role, address, question: 'external' }))

/** The CoreDNS pods of a node, by address. */
export const hostedEndpoints = ({ cluster }: Fleet, node: string): Set<string> =>
  new Set(cluster?.dns.endpoints?.filter((one) => one.node === node).map(({ address }) => address))

const forwarders: ReadonlySet<Role> = new Set(['node-local', 'cluster-dns', 'resolv-conf'])
const isExternal = ({ planned }: Cell): boolean => planned.question === 'external' && !planned.onlyAfterTruncation

/**
 * What fails where DNS of a node cannot resolve names outside the cluster: those that the node asks for, and those that others ask of the
 * CoreDNS pods that run there.
 */
export function failingExternal(sight: Sight): Cell[] {
  const { fleet, node } = sight
  const own = both.flatMap((vantage) =>
    allCells(sight, vantage).filter((cell) => isExternal(cell) && stateOf(cell) === 'failing'),
  )
  const hosted = hostedEndpoints(fleet, node.name)
  if (hosted.size === 0) return own
  const others = failingCells(
    fleet,
    (cell) => cell.node !== node.name && isExternal(cell) && passes(cell.target, hosted),
  )
  return [...own, ...others]
}

const passes = ({ role, address }: Target, hosted: ReadonlySet<string>): boolean =>
  role === 'endpoint' ? hosted.has(address) : forwarders.has(role)

/**
 * Names of the cluster are answered to the host: by some CoreDNS pod where it asks them, since caches hide for a while what is lost.
 * @param since seconds on the aggregator's clock
 */
export function clusterNamesOk(sight: Sight, since: number): Truth {
  const roles: readonly Role[] = ['endpoint', 'cluster-dns', 'node-local']
  const known = roles.map((role) => someOk(cellsOf(sight, { vantage: 'host', role, question: 'kubernetes' }), since))
  return known.find((one) => one !== 'no-data') ?? 'no-data'
}
