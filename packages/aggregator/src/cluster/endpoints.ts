import { DNS_PORT, type DnsEndpoint } from '@oddnode/protocol'
import { type EndpointPort, type EndpointSlice, unixSeconds } from '../kubernetes/objects.ts'

/** An EndpointSlice as it is kept. */
export type KeptSlice = {
  family: string
  endpoints: Omit<DnsEndpoint, 'createdAt'>[]
  /** When the set of endpoints last changed, as the control plane noted it; null where it did not. */
  changedAt: number | null
}

/** kube-proxy's own measure of how old an endpoint's change is. */
const CHANGED = 'endpoints.kubernetes.io/last-change-trigger-time'

export function keepSlice({ metadata, addressType, endpoints, ports }: EndpointSlice): KeptSlice {
  const port = dnsPort(ports ?? [])
  return {
    family: addressType ?? '',
    endpoints: (endpoints ?? []).flatMap(({ addresses, conditions, nodeName, zone, targetRef }) =>
      (addresses ?? []).map((address) => ({
        address,
        ...(port === DNS_PORT ? {} : { port }),
        pod: targetRef?.kind === 'Pod' ? (targetRef.name ?? null) : null,
        node: nodeName ?? null,
        zone: zone ?? null,
        // Absent means unknown, which counts as ready (EndpointConditions).
        ready: conditions?.ready ?? true,
        terminating: conditions?.terminating ?? false,
      })),
    ),
    changedAt: unixSeconds(metadata?.annotations?.[CHANGED]),
  }
}

/** The Service's port is 53, and its pods may listen on another one: OpenShift's on 5353. */
function dnsPort(ports: readonly EndpointPort[]): number {
  const udp = ports.filter(({ protocol }) => protocol === 'UDP')
  return (udp.find(({ name }) => name === 'dns') ?? udp[0])?.port ?? DNS_PORT
}

/**
 * The endpoints of all slices, each address once: one that moves between slices may be in two for a moment.
 * @param createdAt of a pod by its name
 */
export function endpointsOf(slices: Iterable<KeptSlice>, createdAt: (pod: string) => number | null): DnsEndpoint[] {
  const byAddress = new Map<string, DnsEndpoint>()
  for (const { endpoints } of slices) {
    for (const endpoint of endpoints) {
      const known = byAddress.get(endpoint.address)
      if (known !== undefined && !known.terminating) continue
      byAddress.set(endpoint.address, {
        ...endpoint,
        createdAt: endpoint.pod === null ? null : createdAt(endpoint.pod),
      })
    }
  }
  return [...byAddress.values()].sort((a, b) => (a.address < b.address ? -1 : 1))
}

/** The latest change that the control plane noted; null where it noted none. */
export function changedAtOf(slices: Iterable<KeptSlice>): number | null {
  const times = [...slices].flatMap(({ changedAt }) => changedAt ?? [])
  return times.length === 0 ? null : Math.max(...times)
}
