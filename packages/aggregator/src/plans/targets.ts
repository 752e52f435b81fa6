import { isIP } from 'node:net'
import {
  type AskedTarget,
  type Cluster,
  DNS_PORT,
  MAX_EVERY_SECONDS,
  parseAddress,
  type Role,
  type TargetOrigin,
} from '@oddnode/protocol'
import { forwardAddresses } from '../cluster/corefile.ts'
import type { AggregatorConfig } from '../config-schema.ts'
import type { EndpointDuty } from './duties.ts'

/** What one agent's targets are made from. */
export type TargetSources = {
  /** What the operator set wins over what was discovered. */
  settings: AggregatorConfig['targets']
  cluster: Cluster | null
  /** Resolvers outside the cluster that this node asks. */
  upstreams: readonly string[]
  /** First nameserver of the agent's own resolv.conf; null where it has none. */
  nameserver: string | null
  endpoints: readonly EndpointDuty[]
  /** Probes through ClusterIPs, and of node-local DNS, are asked once in so many rounds. */
  clusterIpRounds: number
  nodeLocalRounds: number
  intervalSeconds: number
}

/** Whom an agent asks, each address once: what resolv.conf names is left out where it is one of the others. */
export function targetsOf(sources: TargetSources): AskedTarget[] {
  const { settings, cluster, endpoints, clusterIpRounds, nodeLocalRounds, nameserver } = sources
  const named = cluster?.source === 'file' ? cluster.dns.upstreams : forwardAddresses(cluster?.dns.forwards ?? [])
  const origin: TargetOrigin = cluster?.source === 'kubernetes' ? 'kubernetes' : 'configuration'
  const chosen = (
    role: Role,
    set: readonly string[],
    found: readonly string[] = [],
    from: TargetOrigin = origin,
  ): AskedTarget[] => (set.length > 0 ? targetList(role, set, 'configuration') : targetList(role, found, from))
  const rarer = (targets: readonly AskedTarget[], rounds: number): AskedTarget[] =>
    targets.map((target) => ({ ...target, leastSeconds: leastSeconds(rounds, sources.intervalSeconds) }))
  return eachOnce([
    ...rarer(
      chosen('node-local', settings.nodeLocal, cluster?.dns.nodeLocalAddresses, cluster?.dns.nodeLocalLearnedFrom),
      nodeLocalRounds,
    ),
    ...rarer(chosen('cluster-dns', settings.clusterDns, cluster?.dns.addresses), clusterIpRounds),
    ...rarer(
      chosen('cluster-dns-upstream', settings.clusterDnsUpstream, cluster?.dns.upstreamServiceAddresses),
      clusterIpRounds,
    ),
    ...endpoints.flatMap(({ endpoint: { address, port = DNS_PORT }, everyRounds }) =>
      rarer([{ role: 'endpoint', address, port, learnedFrom: origin }], everyRounds),
    ),
    ...sources.upstreams
      .filter(() => settings.upstream.length === 0)
      .flatMap((address) => targetList('upstream', [address], named.includes(address) ? origin : 'resolv.conf')),
    ...targetList('upstream', settings.upstream, 'configuration'),
    ...apiServer(cluster, origin),
    ...targetList('resolv-conf', nameserver === null ? [] : [nameserver], 'resolv.conf'),
  ])
}

/** 0 for every round: rounds are drawn from 80 to 120 % of their mean. */
const leastSeconds = (rounds: number, intervalSeconds: number): number =>
  rounds === 1 ? 0 : Math.min(rounds * intervalSeconds, MAX_EVERY_SECONDS)

function apiServer(cluster: Cluster | null, learnedFrom: TargetOrigin): AskedTarget[] {
  return cluster?.apiServer ? [{ role: 'api-server', ...cluster.apiServer, learnedFrom }] : []
}

function targetList(role: Role, addresses: readonly string[], learnedFrom: TargetOrigin): AskedTarget[] {
  return addresses.flatMap((text) => {
    const parsed = parseAddress(text, DNS_PORT)
    return parsed ? [{ role, ...parsed, learnedFrom }] : []
  })
}

function eachOnce(targets: readonly AskedTarget[]): AskedTarget[] {
  const seen = new Set<string>()
  return targets.filter(({ address, port }) => {
    const key = `${address} ${port}`
    return seen.has(key) ? false : seen.add(key)
  })
}

/** Where the health page of node-local DNS is, by the address that its distribution gives it; unknown for others. */
const healthPorts: Readonly<Record<string, number>> = { '169.254.20.10': 8080, '169.254.25.10': 9254 }

/** @returns null where these addresses tell nothing */
export function nodeLocalHealthPort(addresses: readonly string[]): number | null {
  const known = addresses.map((address) => healthPorts[address]).find((port) => port !== undefined)
  return known ?? null
}

/** `http://address:port` of each address, as agents push to it. */
export function pushUrls(addresses: readonly string[], port: number): string[] {
  return addresses
    .filter((address) => isIP(address) !== 0)
    .map((address) => `http://${isIP(address) === 6 ? `[${address}]` : address}:${port}`)
}
