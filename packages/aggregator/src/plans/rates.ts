import { MAX_EVERY_SECONDS, type Plan, type PlannedProbe, type Role } from '@oddnode/protocol'

/** Queries per second that one node's agents send, by how they come to a CoreDNS pod. */
export type Rates = {
  /** To one endpoint itself, where it is asked once in so many rounds at most. */
  direct: (everyRounds: number) => number
  /** Through ClusterIPs, to all endpoints together. */
  clusterIp: (everyRounds: number) => number
  /** Through node-local DNS where its cache has no answer; the worst case: it never has one. */
  nodeLocal: (everyRounds: number) => number
}

/** The way by which a query of a role comes to a CoreDNS pod; null for one that does not, or that something else answers. */
export function wayOf(role: Role | undefined, { question }: Pick<PlannedProbe, 'question'>): keyof Rates | null {
  switch (role) {
    case 'endpoint':
      return 'direct'
    case 'cluster-dns':
    case 'cluster-dns-upstream':
      return 'clusterIp'
    case 'node-local':
      return external.includes(question) ? null : 'nodeLocal'
    default:
      return null
  }
}

/** What node-local DNS asks elsewhere, or answers itself. */
const external: readonly PlannedProbe['question'][] = ['external', 'invalid', 'identity', 'wildcard', 'trap']

/**
 * @param plans of one node's agents, as if nothing were sampled, with exactly one endpoint
 */
export function ratesOf(plans: readonly Plan[]): Rates {
  const sum = (everyRounds: number, way: keyof Rates) =>
    plans.reduce(
      (total, plan) =>
        total +
        plan.probes
          .filter((probe) => wayOf(plan.targets[probe.target]?.role, probe) === way)
          .reduce((rate, probe) => rate + queriesPerSecond(probe, plan.intervalSeconds, everyRounds), 0),
      0,
    )
  return {
    direct: (everyRounds) => sum(everyRounds, 'direct'),
    clusterIp: (everyRounds) => sum(everyRounds, 'clusterIp'),
    nodeLocal: (everyRounds) => sum(everyRounds, 'nodeLocal'),
  }
}

/** Queries that a probe sends each time that it is asked of its own; 0 of what is no DNS. */
export function queriesOf({ question, onlyAfterTruncation }: PlannedProbe): number {
  if (onlyAfterTruncation || question === 'reach' || question === 'health' || question === 'connect') return 0
  return question === 'pair' ? 2 : 1
}

/** Suspicion, which asks again when something fails, comes on top, and has a bound of its own (`createAdmission`). */
function queriesPerSecond(probe: PlannedProbe, intervalSeconds: number, everyRounds: number): number {
  return queriesOf(probe) / Math.max(probe.everySeconds, Math.min(everyRounds * intervalSeconds, MAX_EVERY_SECONDS))
}
