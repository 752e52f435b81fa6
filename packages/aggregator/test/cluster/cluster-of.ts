import { CLUSTER_SCHEMA, type Cluster, type ClusterDns, type ClusterNode, type DnsEndpoint } from '@oddnode/protocol'

export const clusterNode = (name: string, changed: Partial<ClusterNode> = {}): ClusterNode => ({
  name,
  ready: true,
  cordoned: false,
  createdAt: 1_795_000_000,
  attributes: {},
  group: '',
  expected: ['host', 'pod'],
  ...changed,
})

export const dnsEndpoint = (address: string, changed: Partial<DnsEndpoint> = {}): DnsEndpoint => ({
  address,
  pod: null,
  node: null,
  zone: null,
  ready: true,
  terminating: false,
  createdAt: null,
  ...changed,
})

/** Three nodes, node-local DNS, two endpoints, one upstream. */
export const clusterOf = (changed: Partial<Cluster> = {}, dns: Partial<ClusterDns> = {}): Cluster => ({
  schema: CLUSTER_SCHEMA,
  source: 'file',
  nodes: ['node-1', 'node-2', 'node-3'].map((name) => clusterNode(name)),
  dns: {
    service: 'kube-system/kube-dns',
    addresses: ['10.96.0.10'],
    upstreamServiceAddresses: ['10.96.0.11'],
    nodeLocalAddresses: ['169.254.20.10'],
    nodeLocalOwns: [],
    endpoints: [dnsEndpoint('10.244.1.2'), dnsEndpoint('10.244.2.2')],
    endpointsChangedAt: null,
    prefersNearEndpoints: false,
    clusterDomain: 'cluster.local',
    zones: ['cluster.local'],
    forwards: ['/etc/resolv.conf'],
    upstreams: ['192.0.2.53'],
    ...dns,
  },
  apiServer: { address: '10.96.0.1', port: 443 },
  canary: null,
  troubles: [],
  events: [],
  checks: [],
  hidden: [],
  ...changed,
})
