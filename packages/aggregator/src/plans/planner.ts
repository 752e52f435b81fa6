import { agentKey, type Fleet, type FleetAgent } from '@oddnode/diagnosis'
import type { Cluster, ClusterCheck, Plan } from '@oddnode/protocol'
import type { Spare } from '../admission.ts'
import type { AggregatorConfig } from '../config-schema.ts'
import { type BucketedEndpoints, bucketed, type Duties, dutiesOf, endpointDuties, sampledOf } from './duties.ts'
import { createFullTables } from './full-tables.ts'
import {
  ownUpstreams,
  type PlanContent,
  type PlanSettings,
  planInputOf,
  planOf,
  searchOf,
  servesCluster,
} from './plan-of.ts'
import { type SampledCluster, samplingCheck, spareQueriesPerSecond } from './sampling-text.ts'

/** Makes the plan of each agent from what is known of the cluster. */
export type Planner = {
  /**
   * @returns the plan that this agent should follow; null where nothing is known that it does not see itself, and until it has told what
   * that is
   */
  planFor: (agent: PlannedAgent) => Plan | null
  /** A plan that was made here not long ago. */
  byId: (id: string) => Plan | undefined
  /** What is asked how often, for the report. */
  sampling: (cluster: Cluster) => ClusterCheck
  /** What CoreDNS may get besides; null where no CoreDNS pod is known. */
  spare: () => Spare | null
}

export type PlannedAgent = Pick<FleetAgent, 'node' | 'vantage' | 'facts'>

export type PlannerOptions = {
  fleet: Fleet
  config: AggregatorConfig
  /** Oddnode's own. */
  namespace: string | null
  /** The cluster is, or will be, known: a plan without it would take away what agents ask now. */
  discovers: boolean
  /** Gives one object for all agents with the same plan. */
  intern: (plan: Plan) => Plan
}

/** Duties are dealt out anew this often: nodes come and go, and agents fall silent. */
const DUTY_SECONDS = 15
/** Plans that agents may still name in their next rounds. */
const MOST_KNOWN = 4096

export function createPlanner({ fleet, config, namespace, discovers, intern }: PlannerOptions): Planner {
  /** By content, of the present cluster. */
  const plans = new Map<string, Plan>()
  /** By id. */
  const known = new Map<string, Plan>()
  let madeFrom: Cluster | null = null
  let endpoints: BucketedEndpoints = new Map()
  let dealt: { at: number; duties: Duties } | null = null
  const hasFullTable = createFullTables((node) => fleet.agents.get(agentKey(node, 'host')))

  const sourcesOf = (cluster: Cluster) => ({
    cluster,
    plansOfNode: (endpoints: PlanContent['endpoints']) => plansOfNode(endpoints, { cluster, config, namespace }),
    leftOut: leftOutOf({ cluster, config, namespace }),
    ...config.budget,
  })

  function dutiesNow(cluster: Cluster): Duties {
    if (dealt === null || fleet.now - dealt.at >= DUTY_SECONDS)
      dealt = { at: fleet.now, duties: dutiesOf(sourcesOf(cluster), (node) => isHeard(fleet, node)) }
    return dealt.duties
  }

  function make(content: PlanContent): Plan {
    const key = keyOf(content)
    const made = plans.get(key) ?? intern(planOf(content, { cluster: fleet.cluster, config, namespace }))
    plans.set(key, made)
    known.delete(made.id)
    known.set(made.id, made)
    const [oldest] = known.keys()
    if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest)
    return made
  }

  return {
    planFor: (agent) => {
      const { cluster } = fleet
      if (agent.facts === null || (cluster === null && (discovers || !hasTargets(config)))) return null
      if (cluster === null) return make(contentAlone(agent))
      if (cluster !== madeFrom) {
        madeFrom = cluster
        endpoints = bucketed(cluster)
        plans.clear()
      }
      const duties = dutiesNow(cluster)
      const own = endpointDuties(duties, agent.node, endpoints, fleet.now)
      const sparesConnections = hasFullTable(agent.node)
      return make({ ...contentFor(agent, cluster, duties, fleet), endpoints: own, sparesConnections })
    },
    byId: (id) => known.get(id),
    sampling: (cluster) => samplingCheck(sampledOf(sourcesOf(cluster))),
    spare: () => (fleet.cluster === null ? null : spareOf(dutiesNow(fleet.cluster).sampled)),
  }
}

const spareOf = (sampled: SampledCluster): Spare | null =>
  sampled.endpoints === 0 ? null : { endpoints: sampled.endpoints, queriesPerSecond: spareQueriesPerSecond(sampled) }

/** Of an endpoint only address and port decide a plan. */
function keyOf({ endpoints, ...content }: PlanContent): string {
  const asked = endpoints.map(({ endpoint: { address, port }, everyRounds }) => [address, port, everyRounds])
  return JSON.stringify([content, asked])
}

/** DNS servers are set: NTP servers alone are no reason to take away what an agent finds by itself. */
const hasTargets = ({ targets: { ntp: _, ...dns } }: AggregatorConfig): boolean =>
  Object.values(dns).some((list) => list.length > 0)

/** While the aggregator is too young to call anybody silent, everybody counts as heard. */
function isHeard({ agents, now, listeningSince, thresholds }: Fleet, node: string): boolean {
  if (now - listeningSince < thresholds.silentSeconds) return true
  const agent = agents.get(agentKey(node, 'pod'))
  return agent !== undefined && !agent.stopped && now - agent.lastSeen <= thresholds.silentSeconds
}

/** Where only settings say what is asked. */
function contentAlone({ vantage, facts }: Pick<PlannedAgent, 'vantage' | 'facts'>): PlanContent {
  return {
    vantage,
    nameserver: facts?.resolvConf?.usedNameservers[0] ?? null,
    servesCluster: servesCluster(facts),
    wildcardDomains: null,
    upstreams: [],
    endpoints: [],
    clusterIpRounds: 1,
    nodeLocalRounds: 1,
    sparesConnections: false,
  }
}

function contentFor(agent: PlannedAgent, cluster: Cluster, duties: Duties, fleet: Fleet): PlanContent {
  const { sampling } = duties.sampled
  const host = fleet.agents.get(agentKey(agent.node, 'host'))
  const asksForGroup = agent.vantage === 'pod' && duties.groupAskers.has(agent.node)
  return {
    ...contentAlone(agent),
    wildcardDomains: asksForGroup ? searchOf(agent.facts) : null,
    upstreams: ownUpstreams(cluster, host?.facts ?? null),
    clusterIpRounds: sampling.clusterIpRounds,
    nodeLocalRounds: sampling.nodeLocalRounds,
  }
}

/** What the agents of one node ask when nothing is sampled. */
const plansOfNode = (endpoints: PlanContent['endpoints'], settings: PlanSettings): Plan[] =>
  contentsOfNode(endpoints, settings).map((content) => planOf(content, settings))

function contentsOfNode(endpoints: PlanContent['endpoints'], { cluster, config }: PlanSettings): PlanContent[] {
  const upstreams = cluster?.dns.upstreams ?? []
  return config.discovery.vantages.map((vantage) => ({
    ...contentAlone({ vantage, facts: null }),
    upstreams,
    endpoints,
  }))
}

/** Targets that a plan has no room for, endpoints left aside. */
const leftOutOf = (settings: PlanSettings): number =>
  Math.max(
    ...contentsOfNode([], settings).map(
      (content) => planInputOf(content, settings).targets.length - planOf(content, settings).targets.length,
    ),
  )
