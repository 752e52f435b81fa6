import { isIP } from 'node:net'
import { type Facts, isDnsName, type Vantage } from '@oddnode/protocol'

/** What an agent told of where it stands. */
export type AgentFacts = { node: string; vantage: Vantage; facts: Facts | null }

/** What all agents together tell of resolv.conf and of the addresses that live on nodes. */
export type SeenByAgents = {
  /** First nameservers of pods, the commonest first. */
  podNameservers: Counted[]
  /** All nameservers of hosts, the commonest first: what kubelet gives CoreDNS and node-local DNS. */
  hostNameservers: Counted[]
  /** Cluster domains in the search lists of pods, the commonest first. */
  clusterDomains: Counted[]
  /** Addresses of targets that live on at least one node. */
  localAddresses: string[]
  /** Pod agents whose resolv.conf is known. */
  pods: number
}

/** A value, and on how many nodes it was seen. */
export type Counted = { value: string; nodes: number }

const SERVICES = 'svc.'

export function seenByAgents(agents: Iterable<AgentFacts>): SeenByAgents {
  const podNameservers = new Map<string, number>()
  const hostNameservers = new Map<string, number>()
  const clusterDomains = new Map<string, number>()
  const localAddresses = new Set<string>()
  let pods = 0
  for (const { vantage, facts } of agents) {
    for (const address of facts?.localAddresses ?? []) localAddresses.add(address)
    const resolvConf = facts?.resolvConf
    if (!resolvConf) continue
    if (vantage === 'host') {
      for (const address of new Set(resolvConf.usedNameservers)) count(hostNameservers, address)
      continue
    }
    pods++
    const [first] = resolvConf.usedNameservers
    if (first !== undefined) count(podNameservers, first)
    const services = resolvConf.search.find((domain) => domain.startsWith(SERVICES))
    const domain = services?.slice(SERVICES.length) ?? ''
    if (isDnsName(domain, 'clusterDomain')) count(clusterDomains, domain)
  }
  return {
    podNameservers: commonestFirst(podNameservers),
    hostNameservers: commonestFirst(hostNameservers),
    clusterDomains: commonestFirst(clusterDomains),
    localAddresses: [...localAddresses].sort(),
    pods,
  }
}

const count = (counts: Map<string, number>, value: string) => void counts.set(value, (counts.get(value) ?? 0) + 1)

function commonestFirst(counts: ReadonlyMap<string, number>): Counted[] {
  return [...counts]
    .map(([value, nodes]) => ({ value, nodes }))
    .sort((a, b) => b.nodes - a.nodes || (a.value < b.value ? -1 : 1))
}

/** 169.254.0.0/16 (RFC 3927) or fe80::/10: an address of the node itself, never of another machine. */
export const isLinkLocal = (address: string): boolean =>
  isIP(address) === 4 ? address.startsWith('169.254.') : /^fe[89ab]/i.test(address)
