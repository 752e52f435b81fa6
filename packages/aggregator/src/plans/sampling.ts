import { byRendezvous, hash } from './hash.ts'
import type { Rates } from './rates.ts'

/** How seldom CoreDNS pods are asked so that none gets more than its budget. */
export type Sampling = {
  /** Every node asks the endpoints that are its share once in so many rounds. */
  everyRounds: number
  /** How many of the 64 buckets of endpoints each node asks: 64 is every endpoint. */
  buckets: number
  /** Probes through ClusterIPs are asked once in so many rounds. */
  clusterIpRounds: number
  /** Those of node-local DNS, which asks a ClusterIP itself. */
  nodeLocalRounds: number
  /** The few nodes that watch an endpoint ask it once in so many rounds: in every one, unless the budget is smaller than that. */
  watchRounds: number
}

export type SampledNode = { name: string; zone: string }

export type SamplingInput = {
  nodes: readonly SampledNode[]
  /** Addresses of the endpoints. */
  endpoints: readonly string[]
  /** The largest part of what goes through ClusterIPs that one endpoint may get, 0 to 1. */
  largestShare: number
  rates: Rates
  /** Endpoints that a plan has room for. */
  room: number
  queriesPerSecondPerEndpoint: number
}

/** Endpoints and nodes are dealt out to so many buckets and cohorts: agents of one cohort share a plan, whatever the number of nodes. */
export const BUCKETS = 64
/** Nodes that watch an endpoint in every round, of two zones at least where there are two. */
export const WATCHERS = 3

const everything: Sampling = {
  everyRounds: 1,
  buckets: BUCKETS,
  clusterIpRounds: 1,
  nodeLocalRounds: 1,
  watchRounds: 1,
}

type DirectStep = Pick<Sampling, 'everyRounds' | 'buckets'>

/** Every pair of node and endpoint, each within 8 rounds. */
const pairSteps: readonly DirectStep[] = [2, 4, 8].map((everyRounds) => ({ everyRounds, buckets: BUCKETS }))
/** Each node asks a part of the endpoints. */
const partSteps: readonly DirectStep[] = [
  ...[32, 16, 8, 4, 2, 1].map((buckets) => ({ everyRounds: 8, buckets })),
  ...[16, 32, 64].map((everyRounds) => ({ everyRounds, buckets: 1 })),
  { everyRounds: 64, buckets: 0 },
]

/** Few enough that one node more or less seldom changes a plan. */
const ladder = [
  1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192,
  12_288, 16_384, 24_576, 32_768,
]

const LONGEST_ROUNDS = 32_768

/** Node-local DNS is what pods ask: its probes are the last to become rare. */
const throughSteps = [...ladder, 65_536, 131_072, 262_144].map((rounds) => ({
  clusterIpRounds: Math.min(rounds, LONGEST_ROUNDS),
  nodeLocalRounds: ladder.findLast((less) => less <= rounds / 8) ?? 1,
}))

/** With node-local DNS in every round: what a pod asks first is told soon only then. */
const timelySteps = throughSteps.filter(({ nodeLocalRounds }) => nodeLocalRounds === 1)

/** Of the budget, what pairs of node and endpoint may take where ClusterIPs want more than the rest. */
const DIRECT_PART = 0.4

/**
 * What is given up so that every endpoint stays within its budget, and every plan within its room: pairs of node and endpoint first, then what
 * goes through ClusterIPs, node-local DNS after all of that; the nodes that watch only where nothing else is left.
 */
export function samplingOf(input: SamplingInput): Sampling {
  const cohort = largestCohort(input.nodes)
  const budget = input.queriesPerSecondPerEndpoint
  const hasRoom = (sampling: Sampling) => endpointsAsked(sampling, input.endpoints) <= input.room
  const load = (sampling: Sampling) => loadOf(sampling, input, cohort)
  if (load(everything) <= budget && hasRoom(everything)) return everything

  const pairs = pairSteps.map((step) => ({ ...everything, ...step }))
  const fitting = pairs.find((sampling) => load(sampling) <= budget && hasRoom(sampling))
  if (fitting) return fitting

  const through = throughLoad(everything, input)
  const fits = (sampling: Sampling) => load(sampling) <= budget
  const isSmall = (sampling: Sampling) => load(sampling) - through <= DIRECT_PART * budget && hasRoom(sampling)
  const directs = [...pairs, ...partSteps.map((step) => ({ ...everything, ...step }))]
  const small = directs.filter(isSmall)
  const timely = small.flatMap((direct) => timelySteps.map((step) => ({ ...direct, ...step }))).find(fits)
  if (timely) return timely

  const both = firstOf(small[0] ?? directs.at(-1) ?? everything, throughSteps, fits)
  const watchSteps = ladder.map((watchRounds) => ({ watchRounds }))
  return firstOf(both, watchSteps, fits)
}

/** @returns with the first step that fits, else with the last one */
function firstOf(from: Sampling, steps: readonly Partial<Sampling>[], fits: (sampling: Sampling) => boolean): Sampling {
  const candidates = steps.map((step) => ({ ...from, ...step }))
  return candidates.find(fits) ?? candidates.at(-1) ?? from
}

/** Queries per second that the endpoint with the most of them gets at most. */
export function loadOf(
  sampling: Sampling,
  input: Pick<SamplingInput, 'nodes' | 'rates' | 'largestShare'>,
  cohort: number = largestCohort(input.nodes),
): number {
  const { nodes, rates } = input
  // While the share of a cohort moves on by one bucket, one cohort more asks it.
  const cohorts = sampling.buckets === 0 ? 0 : Math.min(sampling.buckets + 1, BUCKETS)
  const askers = Math.min(nodes.length, cohorts * cohort)
  const watchers = isSampled(sampling) ? Math.min(nodes.length, WATCHERS) : 0
  return (
    throughLoad(sampling, input) +
    askers * rates.direct(sampling.everyRounds) +
    watchers * rates.direct(sampling.watchRounds)
  )
}

function throughLoad(
  { clusterIpRounds, nodeLocalRounds }: Sampling,
  { nodes, rates, largestShare }: Pick<SamplingInput, 'nodes' | 'rates' | 'largestShare'>,
): number {
  return nodes.length * largestShare * (rates.clusterIp(clusterIpRounds) + rates.nodeLocal(nodeLocalRounds))
}

/** Not every node asks every endpoint in every round. */
export const isSampled = ({ everyRounds, buckets }: Sampling): boolean => everyRounds > 1 || buckets < BUCKETS

export const cohortOf = (node: string): number => hash(node) % BUCKETS
export const bucketOf = (endpoint: string): number => hash(endpoint) % BUCKETS

const largestCohort = (nodes: readonly SampledNode[]): number =>
  Math.max(...sizesOf(nodes.map(({ name }) => cohortOf(name))))

/** How many of the numbers are 0, 1, … 63. */
function sizesOf(numbers: readonly number[]): number[] {
  const sizes = new Array<number>(BUCKETS).fill(0)
  for (const number of numbers) sizes[number] = (sizes[number] ?? 0) + 1
  return sizes
}

/** The most endpoints that are in as many neighbouring buckets as one cohort asks. */
function endpointsAsked({ buckets }: Sampling, endpoints: readonly string[]): number {
  if (buckets === BUCKETS) return endpoints.length
  const sizes = sizesOf(endpoints.map(bucketOf))
  const sums = sizes.map((_, first) =>
    sizes.reduce((sum, size, at) => sum + (isWithin(at, first, buckets) ? size : 0), 0),
  )
  return Math.max(...sums)
}

const isWithin = (bucket: number, first: number, count: number): boolean => (bucket - first + BUCKETS) % BUCKETS < count

const WINDOW_SECONDS = 3600

/**
 * Whether a cohort asks a bucket now. Each hour its share moves on by one bucket, every cohort at another minute, so that in the end every
 * node has asked every endpoint, and not all plans change at once.
 */
export function asksBucket({ buckets }: Sampling, cohort: number, bucket: number, at: number): boolean {
  if (buckets === BUCKETS) return true
  return isWithin(bucket, (cohort + windowOf(cohort, at)) % BUCKETS, buckets)
}

export const windowOf = (cohort: number, at: number): number => Math.floor(at / WINDOW_SECONDS + cohort / BUCKETS)

/** The nodes that watch a bucket, of two zones at least where there are two. */
export function watchersOf(nodes: readonly SampledNode[], bucket: number): SampledNode[] {
  const subject = `bucket ${bucket}`
  const chosen = byRendezvous(nodes, subject, WATCHERS)
  const zone = chosen[0]?.zone
  if (chosen.length < WATCHERS || chosen.some((node) => node.zone !== zone)) return chosen
  const elsewhere = byRendezvous(
    nodes.filter((node) => node.zone !== zone),
    subject,
    1,
  )
  return [...chosen.slice(0, WATCHERS - elsewhere.length), ...elsewhere]
}
