import type { Target } from '@oddnode/protocol'
import type { Fleet } from './fleet.ts'
import { endpointOf } from './peers.ts'
import { type Sight, targetsOf } from './sight.ts'
import { type Truth, truth } from './truth.ts'

/** The Service of cluster DNS is missing, or no pod behind it is ready. */
export function hasNoEndpoints({ cluster }: Pick<Fleet, 'cluster'>): Truth {
  if (cluster === null) return 'no-data'
  const { service, endpoints } = cluster.dns
  if (service === null) return 'yes'
  if (endpoints === null) return 'no-data'
  return truth(!endpoints.some(({ ready, terminating }) => ready && !terminating))
}

/** The CoreDNS pods that a node asks, by where they run; one of which the API says nothing is in neither. */
export function endpointsByPlace(sight: Sight): { local: Target[]; remote: Target[] } {
  const placed = targetsOf(sight, 'endpoint').flatMap((target) => {
    const node = endpointOf(sight.fleet, target)?.node ?? null
    return node === null ? [] : [{ target, isLocal: node === sight.node.name }]
  })
  return {
    local: placed.filter(({ isLocal }) => isLocal).map(({ target }) => target),
    remote: placed.filter(({ isLocal }) => !isLocal).map(({ target }) => target),
  }
}

/** Not a CoreDNS pod that the API says is gone, going or not ready: what is not answered by one of these is lost to nobody. */
export function isInService({ cluster }: Fleet, { role, address }: Pick<Target, 'role' | 'address'>): boolean {
  const endpoints = cluster?.dns.endpoints
  if (role !== 'endpoint' || !endpoints) return true
  return endpoints.some((endpoint) => endpoint.address === address && endpoint.ready && !endpoint.terminating)
}

/** Addresses of the CoreDNS pods that run on a node, in order. */
export const hostedOn = ({ cluster }: Fleet, node: string): string[] =>
  (cluster?.dns.endpoints ?? [])
    .filter((endpoint) => endpoint.node === node)
    .map(({ address }) => address)
    .sort()
