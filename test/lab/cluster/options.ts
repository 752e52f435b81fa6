import type { Shape } from './layout.ts'

/** How a scenario wants its cluster, besides the usual: three nodes, CoreDNS on the first two, node-local DNS, one NTP server. */
export type ClusterOptions = Shape & {
  ntpServers: number
  /** How long node-local DNS keeps an answer, whatever its TTL; null for as long as that says. */
  keepSeconds: number | null
  flavour: 'nftables' | 'iptables'
  /** Environment of the agents of a node, e.g. for a clock of its own. */
  environmentOf: (node: string, directory: string) => Readonly<Record<string, string>>
  /** Files of /proc that the agents of a node see changed from the start: path → content. */
  procOf: (node: string) => Readonly<Record<string, string>>
  /** Environment of the aggregator. */
  aggregatorEnvironment: (directory: string) => Readonly<Record<string, string>>
  /** What the aggregator and the agents are told besides. */
  aggregatorSettings: readonly string[]
  agentSettings: readonly string[]
}

export const usual: ClusterOptions = {
  nodes: 3,
  dnsOn: [1, 2],
  nodeLocal: true,
  ownsClusterDns: false,
  ipv6: false,
  ntpServers: 1,
  keepSeconds: null,
  flavour: 'nftables',
  environmentOf: () => ({}),
  procOf: () => ({}),
  aggregatorEnvironment: () => ({}),
  aggregatorSettings: [],
  agentSettings: [],
}
