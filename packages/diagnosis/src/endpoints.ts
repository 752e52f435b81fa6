import type { Target } from '@oddnode/protocol'
import type { Fleet } from './fleet.ts'
import { endpointOf } from './peers.ts'
import { type Sight, targetsOf } from './sight.ts'

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

/** Addresses of the CoreDNS pods that run on a node, in order. */
export const hostedOn = ({ cluster }: Fleet, node: string): string[] =>
  (cluster?.dns.endpoints ?? [])
    .filter((endpoint) => endpoint.node === node)
    .map(({ address }) => address)
    .sort()
