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

const clusterIpRoles: readonly Role[] = ['cluster-dns', 'cluster-dns-upstream']
/** What node-local DNS asks elsewhere, or answers itself. */
const external: readonly PlannedProbe['question'][] = ['external', 'invalid', 'identity', 'wildcard', 'trap']

/**
 * @param plans of one node's agents, as if nothing were sampled, with exactly one endpoint
 */
export function ratesOf(plans: readonly Plan[]): Rates {
  const sum = (everyRounds: number, counts: (role: Role | undefined, probe: PlannedProbe) => boolean) =>
    plans.reduce(
      (total, plan) =>
        total +
        plan.probes
          .filter((probe) => counts(plan.targets[probe.target]?.role, probe))
          .reduce((rate, probe) => rate + queriesPerSecond(probe, plan.intervalSeconds, everyRounds), 0),
      0,
    )
  return {
    direct: (everyRounds) => sum(everyRounds, (role) => role === 'endpoint'),
    clusterIp: (everyRounds) => sum(everyRounds, (role) => role !== undefined && clusterIpRoles.includes(role)),
    nodeLocal: (everyRounds) =>
      sum(everyRounds, (role, { question }) => role === 'node-local' && !external.includes(question)),
  }
}

/** Suspicion, which asks again when something fails, comes on top: it is bounded by itself. */
function queriesPerSecond(probe: PlannedProbe, intervalSeconds: number, everyRounds: number): number {
  const { question, everySeconds, onlyAfterTruncation } = probe
  if (onlyAfterTruncation || question === 'reach' || question === 'health' || question === 'connect') return 0
  return (
    (question === 'pair' ? 2 : 1) / Math.max(everySeconds, Math.min(everyRounds * intervalSeconds, MAX_EVERY_SECONDS))
  )
}
