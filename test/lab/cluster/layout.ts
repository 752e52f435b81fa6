/** How large the cluster is, and where its parts stand. */
export type Shape = {
  nodes: number
  /** The nodes that host a CoreDNS pod, by number from 1. */
  dnsOn: readonly number[]
  /** Each node has a DNS cache at `NODE_LOCAL`, which pods have as their nameserver; without it that is the ClusterIP. */
  nodeLocal: boolean
  /** Node-local DNS takes over the ClusterIP on each node too, as the addon does with kube-proxy in iptables mode. */
  ownsClusterDns: boolean
  /** Nodes, the upstream resolver and the NTP server have IPv6 addresses as well. */
  ipv6: boolean
}

export type NodeLayout = {
  name: string
  zone: string
  address: string
  pods: string
  gateway: string
  agentPod: { member: string; address: string }
}

export type EndpointLayout = { member: string; address: string; node: NodeLayout }

/** Every member of the lab's networks and its address. */
export type Layout = { nodes: readonly NodeLayout[]; endpoints: readonly EndpointLayout[] }

/** The namespace of everything that is not in the cluster: upstream resolvers, NTP servers, the API server, the aggregator. */
export const OUTSIDE = 'outside'

/** Addresses of what is outside, all on the same bridge as the nodes. */
export const outside = {
  router: '10.77.0.1',
  aggregator: '10.77.0.2',
  apiServer: '10.77.0.6',
  upstream: '10.77.0.53',
  otherUpstream: '10.77.0.54',
  ntp: ['10.77.0.123', '10.77.0.124', '10.77.0.125'],
} as const

/** The IPv6 address of who has one in 10.77.0.0/24. */
export const ipv6Of = (address: string): string => `fd77::${address.split('.').at(-1)}`

/** The same for pods, each node's in a network of its own: 10.244.3.10 has fd78:3::10. */
export const podIpv6Of = (address: string): string => address.replace(/^\d+\.\d+\.(\d+)\.(\d+)$/, 'fd78:$1::$2')
export const podsIpv6Of = ({ gateway }: NodeLayout): string => `${podIpv6Of(gateway)}/64`.replace('::1/', '::/')

export const NODE_LOCAL = '169.254.20.10'
export const CLUSTER_DNS = '10.96.0.10'
export const CLUSTER_DNS_UPSTREAM = '10.96.0.11'
export const API_SERVER = '10.96.0.1'
export const ALL_PODS = '10.244.0.0/16'

/** The addresses that a node's DNS cache owns. */
export const nodeLocalAddresses = ({ nodeLocal, ownsClusterDns }: Shape): string[] =>
  nodeLocal ? [NODE_LOCAL, ...(ownsClusterDns ? [CLUSTER_DNS] : [])] : []

/** Nodes stand in two zones by turns. */
export function layOut({ nodes, dnsOn }: Shape): Layout {
  const laid = Array.from({ length: nodes }, (_, index) => layOutNode(index + 1))
  const endpoints = dnsOn.map((number, index): EndpointLayout => {
    const node = laid[number - 1]
    if (!node) throw new Error(`no node ${number} of ${nodes}`)
    return { member: `coredns-${index + 1}`, address: `10.244.${number}.${53 + index}`, node }
  })
  return { nodes: laid, endpoints }
}

const layOutNode = (number: number): NodeLayout => ({
  name: `node-${number}`,
  zone: `zone-${number % 2 === 1 ? 1 : 2}`,
  address: `10.77.0.${10 + number}`,
  pods: `10.244.${number}.0/24`,
  gateway: `10.244.${number}.1`,
  agentPod: { member: `pod-${number}`, address: `10.244.${number}.10` },
})
