import {
  type Cluster,
  type Facts,
  type Names,
  type Plan,
  type PlanInput,
  parseAddress,
  type Vantage,
} from '@oddnode/protocol'
import { forwardAddresses } from '../cluster/corefile.ts'
import type { AggregatorConfig } from '../config-schema.ts'
import type { EndpointDuty } from './duties.ts'
import { fittingPlan } from './fitting-plan.ts'
import { nodeLocalHealthPort, pushUrls, targetsOf } from './targets.ts'

/** All that a plan is made from; agents alike in it have the same plan. */
export type PlanContent = {
  vantage: Vantage
  /** First nameserver of this vantage's resolv.conf; null where it has none. */
  nameserver: string | null
  /** That nameserver serves the cluster's names. */
  servesCluster: boolean
  /** Search domains to look for wildcards in; null where another agent of the group does. */
  wildcardDomains: readonly string[] | null
  upstreams: readonly string[]
  endpoints: readonly EndpointDuty[]
  clusterIpRounds: number
  nodeLocalRounds: number
  /** The node's connection table is nearly full. */
  sparesConnections: boolean
}

export type PlanSettings = {
  cluster: Cluster | null
  config: AggregatorConfig
  /** Oddnode's own. */
  namespace: string | null
}

/** CoreDNS's readiness: a port of every endpoint that opens, or refuses at once. */
const READINESS_PORT = 8181
const NTP_PORT = 123

/** What the wire carries of it. */
export const planOf = (content: PlanContent, settings: PlanSettings): Plan =>
  fittingPlan(planInputOf(content, settings))

/** What a plan is made from, however many targets that are. */
export function planInputOf(content: PlanContent, { cluster, config, namespace }: PlanSettings): PlanInput {
  const { plan: times, targets: settings, listen, advertise } = config
  const targets = targetsOf({ ...content, settings, cluster, intervalSeconds: times.intervalSeconds })
  const healthPort = nodeLocalHealthPort(targets.filter(({ role }) => role === 'node-local').map((one) => one.address))
  const { wildcardDomains } = content
  return {
    vantage: content.vantage,
    targets,
    names: namesOf(config.names, namespace, cluster),
    ...times,
    ntp: settings.ntp.flatMap((text) => parseAddress(text, NTP_PORT) ?? []),
    aggregators: pushUrls(advertise, listen.port),
    endpointReachPort: READINESS_PORT,
    large: cluster?.largeNames ?? [],
    ...(healthPort === null ? {} : { nodeLocalHealthPort: healthPort }),
    ...(content.servesCluster ? { resolvConfServesCluster: true } : {}),
    ...(content.sparesConnections ? { sparesConnections: true } : {}),
    ...(wildcardDomains === null ? {} : { asksForGroup: true, wildcardDomains }),
  }
}

function namesOf(names: AggregatorConfig['names'], namespace: string | null, cluster: Cluster | null): Names {
  return {
    clusterDomain: names.clusterDomain || cluster?.dns.clusterDomain || null,
    namespace,
    external: names.external || null,
    canary: canaryOf(cluster),
  }
}

/** An answer without EDNS has at most this (RFC 1035 section 2.3.4) … */
const PLAIN_OCTETS = 512
/** … of which the header and the question's type and class take this, and each A record that. */
const HEADER_OCTETS = 16
const RECORD_OCTETS = 16

/** Where so many agents are that the whole answer does not fit, what is left of it could not be compared: it is not asked for. */
function canaryOf(cluster: Cluster | null): string | null {
  if (!cluster?.canary) return null
  const { name, addresses } = cluster.canary
  const octets = HEADER_OCTETS + name.length + 2 + addresses.length * RECORD_OCTETS
  return octets <= PLAIN_OCTETS ? name : null
}

/** `svc.DOMAIN` in a search list: the resolver of that file serves a cluster. */
export const servesCluster = (facts: Facts | null): boolean =>
  facts?.resolvConf?.search.some((domain) => domain.startsWith('svc.')) ?? false

/** A domain that DNS can carry under a label of ours. */
const DOMAIN = /^(?=.{1,200}$)[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*$/

/** The search list of resolv.conf, without what is no domain. */
export const searchOf = (facts: Facts | null): string[] => [
  ...new Set((facts?.resolvConf?.search ?? []).filter((domain) => DOMAIN.test(domain))),
]

/**
 * The resolvers outside the cluster that a node's agents ask: where CoreDNS forwards to by address, and of what hosts have in their
 * resolv.conf only the node's own. Two data centres may each have resolvers that the other does not reach.
 * @param host facts of the node's host agent; null where they are not known
 */
export function ownUpstreams({ source, dns }: Cluster, host: Facts | null): string[] {
  if (source === 'file') return dns.upstreams
  const named = [...forwardAddresses(dns.forwards), ...(host?.resolvConf?.usedNameservers ?? [])]
  return dns.upstreams.filter((address) => named.includes(address))
}
