import { isLoopback } from '@oddnode/protocol'
import type { Fleet } from './fleet.ts'

/** The addresses at which the cluster's own DNS is asked. */
export type OwnAddresses = { nodeLocal: ReadonlySet<string>; clusterDns: ReadonlySet<string> }

export function ownAddresses({ cluster, ledger }: Fleet): OwnAddresses {
  const {
    addresses = [],
    upstreamServiceAddresses = [],
    nodeLocalAddresses = [],
    nodeLocalOwns = [],
  } = cluster?.dns ?? {}
  const asked = [...ledger.byTarget.values()].flatMap(([column]) => (column === undefined ? [] : [column.target]))
  const ofRole = (role: string) => asked.filter((target) => target.role === role).map(({ address }) => address)
  return {
    nodeLocal: new Set([...nodeLocalAddresses, ...nodeLocalOwns, ...ofRole('node-local')]),
    clusterDns: new Set([
      ...addresses,
      ...upstreamServiceAddresses,
      ...ofRole('cluster-dns'),
      ...ofRole('cluster-dns-upstream'),
    ]),
  }
}

/** An upstream that is the cluster's own DNS again. */
export const isOwn = ({ nodeLocal, clusterDns }: OwnAddresses, address: string): boolean =>
  isLoopback(address) || nodeLocal.has(address) || clusterDns.has(address)
