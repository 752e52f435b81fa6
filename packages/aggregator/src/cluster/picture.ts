import {
  CLUSTER_SCHEMA,
  type Cluster,
  type ClusterDns,
  type ClusterEvent,
  type DnsEndpoint,
  type Vantage,
} from '@oddnode/protocol'
import type { AggregatorConfig } from '../config-schema.ts'
import type { AgentFacts, SeenByAgents } from './agent-facts.ts'
import { apiChecks } from './api-checks.ts'
import { type Corefile, forwardsToResolvConf } from './corefile.ts'
import { dnsServiceOf, type KeptService, UPSTREAM_SERVICE, upstreamServiceOf } from './dns-service.ts'
import { changedAtOf, endpointsOf, type KeptSlice } from './endpoints.ts'
import { eventsOf } from './event.ts'
import { type KeptLargeSlice, largeNamesOf } from './large-names.ts'
import { learntChecks } from './learnt-checks.ts'
import { clusterNodes, type KeptNode } from './node.ts'
import { type KeptDaemonSet, nodeLocalOf } from './node-local.ts'
import { cniOf, type KeptPod, nodeLocalReplacedIn, troublesOf, withoutReplaced } from './pod.ts'
import { resolvConfChecks } from './resolv-conf-checks.ts'
import { upstreamsOf } from './upstreams.ts'

/** What was read of the API, kind by kind; null where it could not be. */
export type ApiParts = {
  nodes: readonly KeptNode[]
  services: readonly KeptService[] | null
  apiService: KeptService | null
  slices: readonly KeptSlice[] | null
  canarySlices: readonly KeptSlice[] | null
  largeSlices: readonly KeptLargeSlice[]
  systemPods: readonly KeptPod[] | null
  agentPods: readonly KeptPod[]
  daemonSets: readonly KeptDaemonSet[]
  corefile: Corefile | null
  configMap: string
  missingRights: readonly string[] | null
  events: readonly ClusterEvent[]
  hidden: string[]
}

export type PictureSettings = {
  vantages: readonly Vantage[]
  /** Oddnode's own namespace. */
  namespace: string | null
  /** The agents' headless Service. */
  canary: string
  /** Where the operator set it. */
  clusterDomain: string | null
  /** What the operator set is asked in place of what was discovered. */
  targets: AggregatorConfig['targets']
}

/** When the endpoints, and the canary's addresses, last changed. */
export type ChangeTimes = {
  /** Now, Unix time in seconds. */
  at: number
  endpoints: (endpoints: readonly DnsEndpoint[], noted: number | null) => number | null
  canary: (addresses: readonly string[], noted: number | null) => number | null
}

/** What agents told, one by one and together. */
export type AgentsPart = { facts: readonly AgentFacts[]; seen: SeenByAgents }

/** Puts together what the API and the agents tell. */
export function pictureOf(
  parts: ApiParts,
  { facts, seen }: AgentsPart,
  settings: PictureSettings,
  changed: ChangeTimes,
): Cluster {
  const service = serviceOf(parts, seen)
  const dns = dnsOf(parts, seen, service, settings, changed)
  const { clusterDomain, endpoints } = dns
  const { apiService, corefile } = parts
  const systemPods = parts.systemPods && withoutReplaced(parts.systemPods)
  const agentPods = withoutReplaced(parts.agentPods)
  const events = eventsOf(parts.events, agentPods)
  const largeNames = largeNamesOf(parts.largeSlices, settings.namespace, clusterDomain)
  const apiAddress = apiService?.addresses[0]
  return {
    schema: CLUSTER_SCHEMA,
    source: 'kubernetes',
    nodes: clusterNodes(parts.nodes, settings.vantages, cniOf(systemPods ?? [])),
    dns,
    apiServer: apiAddress === undefined ? null : { address: apiAddress, port: apiService?.port ?? 443 },
    canary: canaryOf(parts.canarySlices, settings, clusterDomain, changed),
    ...(largeNames.length === 0 ? {} : { largeNames }),
    troubles: troublesOf([...(systemPods ?? []), ...agentPods]),
    events,
    checks: [
      ...learntChecks(dns, settings.targets),
      ...apiChecks({
        ...parts,
        service,
        sawServices: parts.services !== null,
        endpoints,
        pods: systemPods,
        clusterDnsSet: settings.targets.clusterDns,
      }),
      ...resolvConfChecks(facts, {
        namespace: settings.namespace,
        clusterDomain,
        forwardsToResolvConf: corefile && forwardsToResolvConf(corefile.forwards),
        events,
      }),
    ],
    hidden: parts.hidden.slice(0, 64),
  }
}

/** The Service that is cluster DNS, as far as it is known. */
export function serviceOf(
  { services }: Pick<ApiParts, 'services'>,
  { podNameservers }: Pick<SeenByAgents, 'podNameservers'>,
): KeptService | null {
  return dnsServiceOf(
    services ?? [],
    podNameservers.map(({ value }) => value),
  )
}

function dnsOf(
  parts: ApiParts,
  seen: SeenByAgents,
  service: KeptService | null,
  settings: PictureSettings,
  changed: ChangeTimes,
): ClusterDns {
  const { corefile, slices, daemonSets, services } = parts
  const upstreamService = upstreamServiceOf(services ?? [], daemonSets[0]?.upstreamService ?? UPSTREAM_SERVICE, service)
  const addresses = service?.addresses ?? []
  const upstreamServiceAddresses = upstreamService?.addresses ?? []
  const nodeLocal = nodeLocalOf(daemonSets, seen, [...addresses, ...upstreamServiceAddresses])
  const endpoints = slices && endpointsOf(slices, createdAtIn(parts.systemPods ?? []))
  const forwards = corefile?.forwards ?? []
  const replaced = nodeLocalReplacedIn(parts.systemPods ?? [], changed.at).slice(0, MOST_REPLACED)
  return {
    service: service && `${service.namespace}/${service.name}`,
    ...(service?.selector ? { podSelector: service.selector } : {}),
    addresses,
    upstreamServiceAddresses,
    nodeLocalAddresses: nodeLocal.addresses,
    nodeLocalOwns: nodeLocal.owns,
    ...(nodeLocal.learnedFrom === null ? {} : { nodeLocalLearnedFrom: nodeLocal.learnedFrom }),
    ...(replaced.length > 0 && { nodeLocalReplaced: replaced }),
    endpoints: endpoints?.slice(0, MOST_ENDPOINTS) ?? null,
    endpointsChangedAt: endpoints && changed.endpoints(endpoints, changedAtOf(slices ?? [])),
    prefersNearEndpoints: service?.prefersNearEndpoints ?? false,
    clusterDomain: settings.clusterDomain ?? corefile?.zones[0] ?? seen.clusterDomains[0]?.value ?? null,
    zones: corefile?.zones ?? null,
    forwards: forwards.slice(0, 64),
    upstreams: upstreamsOf(forwards, seen, [...addresses, ...upstreamServiceAddresses, ...nodeLocal.addresses]),
  }
}

const MOST_ENDPOINTS = 1024
/** A tenth of the largest cluster. */
const MOST_REPLACED = 1024

function createdAtIn(pods: readonly KeptPod[]): (name: string) => number | null {
  const times = new Map(pods.map(({ name, createdAt }) => [name, createdAt]))
  return (name) => times.get(name) ?? null
}

/** The question is for A records: only IPv4 addresses of ready agents are an answer. */
function canaryOf(
  slices: readonly KeptSlice[] | null,
  { canary, namespace }: PictureSettings,
  clusterDomain: string | null,
  changed: ChangeTimes,
): Cluster['canary'] {
  if (slices === null || slices.length === 0 || namespace === null || clusterDomain === null) return null
  const ready = endpointsOf(
    slices.filter(({ family }) => family === 'IPv4'),
    () => null,
  ).filter((endpoint) => endpoint.ready && !endpoint.terminating)
  const addresses = ready.map(({ address }) => address)
  const changedAt = changed.canary(addresses, changedAtOf(slices)) ?? 0
  return { name: `${canary}.${namespace}.svc.${clusterDomain}`, addresses, changedAt }
}
