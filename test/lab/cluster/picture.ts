import type { Cluster } from '@oddnode/protocol'
import {
  API_SERVER,
  CLUSTER_DNS,
  CLUSTER_DNS_UPSTREAM,
  ipv6Of,
  type Layout,
  NODE_LOCAL,
  outside,
  podIpv6Of,
  type Shape,
} from './layout.ts'
import { CANARY, DOMAIN } from './names.ts'

/** What the Kubernetes API would tell of this cluster, for the aggregator's `clusterFile`. */
export function pictureOf({ nodes, endpoints }: Layout, { nodeLocal, ownsClusterDns, ipv6 }: Shape): Cluster {
  const now = Date.now() / 1000
  return {
    schema: 'oddnode.cluster/1',
    source: 'kubernetes',
    nodes: nodes.map(({ name, zone }) => ({
      name,
      ready: true,
      cordoned: false,
      createdAt: now - DAY,
      attributes: { zone, kernel: '6.1.0', kubelet: 'v1.34.4', osImage: 'Debian GNU/Linux 12' },
      group: '',
      expected: ['host', 'pod'],
    })),
    dns: {
      service: 'kube-system/kube-dns',
      addresses: [CLUSTER_DNS],
      upstreamServiceAddresses: nodeLocal ? [CLUSTER_DNS_UPSTREAM] : [],
      nodeLocalAddresses: nodeLocal ? [NODE_LOCAL] : [],
      nodeLocalOwns: ownsClusterDns ? [CLUSTER_DNS] : [],
      endpoints: addressesOf(endpoints, ipv6).map(({ member, address, node }) => ({
        address,
        pod: member,
        node: node.name,
        zone: node.zone,
        ready: true,
        terminating: false,
        createdAt: now - DAY,
      })),
      endpointsChangedAt: now - DAY,
      prefersNearEndpoints: false,
      clusterDomain: DOMAIN,
      zones: [DOMAIN, 'in-addr.arpa', 'ip6.arpa'],
      forwards: ['/etc/resolv.conf'],
      upstreams: [outside.upstream, ...(ipv6 ? [ipv6Of(outside.upstream)] : [])],
    },
    apiServer: { address: API_SERVER, port: 443 },
    canary: { name: CANARY, addresses: canaryAddresses(nodes), changedAt: now - DAY },
    troubles: [],
    events: [],
    checks: [],
    hidden: [],
  }
}

/** A pod of both families is in an EndpointSlice of each. */
const addressesOf = (endpoints: Layout['endpoints'], ipv6: boolean): Layout['endpoints'] =>
  endpoints.flatMap((one) => (ipv6 ? [one, { ...one, address: podIpv6Of(one.address) }] : [one]))

const DAY = 86_400

/** The pods behind the agents' headless Service. */
export const canaryAddresses = (nodes: Layout['nodes']): string[] => nodes.map(({ agentPod }) => agentPod.address)
