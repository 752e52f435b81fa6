import type { Cluster, DnsEndpoint, Plan } from '@oddnode/protocol'
import { MAX_PROBES } from '@oddnode/protocol'
import { ratesOf } from './rates.ts'
import { ableNodes, groupAskersOf, sampledNode, watchedBy } from './roster.ts'
import { asksBucket, bucketOf, cohortOf, isSampled, loadOf, type SamplingInput, samplingOf } from './sampling.ts'
import type { SampledCluster } from './sampling-text.ts'

/** What each node's agents do of what not all can do. */
export type Duties = {
  sampled: SampledCluster
  groupAskers: ReadonlySet<string>
  /** The buckets of endpoints that a node watches. */
  watched: ReadonlyMap<string, readonly number[]>
}

export type DutySources = {
  cluster: Cluster
  /** The plans of one node's agents when nothing is sampled but these endpoints are asked. */
  plansOfNode: (endpoints: readonly EndpointDuty[]) => Plan[]
  /** Targets besides endpoints that no plan has room for. */
  leftOut: number
  queriesPerSecondPerEndpoint: number
}

/** Endpoints that are asked: the ones that are not ready too, for what they answer tells why. */
export const askedEndpoints = ({ dns }: Cluster): DnsEndpoint[] =>
  (dns.endpoints ?? []).filter(({ terminating }) => !terminating)

/** How much of what all nodes together could ask is asked. */
export function sampledOf(sources: DutySources): SampledCluster {
  const input = samplingInput(sources)
  const sampling = samplingOf(input)
  return {
    sampling,
    endpoints: input.endpoints.length,
    nodes: input.nodes.length,
    load: loadOf(sampling, input),
    leftOut: sources.leftOut,
    queriesPerSecondPerEndpoint: input.queriesPerSecondPerEndpoint,
  }
}

/**
 * Deals out the duties; the same input gives the same ones.
 * @param isHeard whether the pod agent of a node reports
 */
export function dutiesOf(sources: DutySources, isHeard: (node: string) => boolean): Duties {
  const { cluster } = sources
  const sampled = sampledOf(sources)
  const able = ableNodes(cluster.nodes, isHeard)
  const endpoints = isSampled(sampled.sampling) ? askedEndpoints(cluster) : []
  const buckets = new Set(endpoints.map(({ address }) => bucketOf(address)))
  return { sampled, groupAskers: groupAskersOf(able), watched: watchedBy(able.map(sampledNode), buckets) }
}

/** A node need not send more than this in a round, however many endpoints there are. */
const MOST_ENDPOINTS = 48

function samplingInput({ cluster, plansOfNode, queriesPerSecondPerEndpoint }: DutySources): SamplingInput {
  const endpoints = askedEndpoints(cluster)
  const nodes = cluster.nodes.filter(({ expected }) => expected.length > 0)
  const one = plansOfNode(endpoints.slice(0, 1).map((endpoint) => ({ endpoint, everyRounds: 1 })))
  const others = probesOf(plansOfNode([]))
  return {
    nodes: nodes.map(sampledNode),
    endpoints: endpoints.map(({ address }) => address),
    largestShare: largestShare(cluster, endpoints),
    rates: ratesOf(one),
    room: Math.min(MOST_ENDPOINTS, Math.floor((MAX_PROBES - others) / Math.max(1, probesOf(one) - others))),
    queriesPerSecondPerEndpoint,
  }
}

/** Of the larger plan. */
const probesOf = (plans: readonly Plan[]): number => Math.max(0, ...plans.map(({ probes }) => probes.length))

/** An equal one; where near endpoints are preferred, a zone with many nodes and few endpoints gives each of these more. */
function largestShare({ dns, nodes }: Cluster, endpoints: readonly DnsEndpoint[]): number {
  const ready = endpoints.filter((endpoint) => endpoint.ready)
  const even = 1 / Math.max(1, ready.length)
  if (!dns.prefersNearEndpoints || nodes.length === 0) return even
  const zones = Map.groupBy(ready, ({ zone }) => zone ?? '')
  const shares = [...zones].map(([zone, inZone]) => {
    const near = nodes.filter(({ attributes }) => attributes['zone'] === zone).length
    return near / nodes.length / inZone.length
  })
  // Nodes of zones without an endpoint ask all.
  const homeless = nodes.filter(({ attributes }) => !zones.has(attributes['zone'] ?? '')).length / nodes.length
  return Math.min(1, Math.max(...shares, 0) + homeless * even)
}

/** One endpoint that a node asks, and how seldom. */
export type EndpointDuty = { endpoint: DnsEndpoint; everyRounds: number }

/** Endpoints by the bucket that they are dealt out with. */
export type BucketedEndpoints = ReadonlyMap<number, readonly DnsEndpoint[]>

export const bucketed = (cluster: Cluster): BucketedEndpoints =>
  Map.groupBy(askedEndpoints(cluster), ({ address }) => bucketOf(address))

/** The endpoints that a node's agents ask. */
export function endpointDuties(duties: Duties, node: string, endpoints: BucketedEndpoints, at: number): EndpointDuty[] {
  const { sampling } = duties.sampled
  const watched = duties.watched.get(node) ?? []
  const cohort = cohortOf(node)
  return [...endpoints].flatMap(([bucket, inBucket]) => {
    const isWatched = watched.includes(bucket)
    if (!isWatched && !asksBucket(sampling, cohort, bucket, at)) return []
    const everyRounds = isWatched ? sampling.watchRounds : sampling.everyRounds
    return inBucket.map((endpoint) => ({ endpoint, everyRounds }))
  })
}
