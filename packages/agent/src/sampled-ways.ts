import type { Plan, PlannedProbe, Question, Role } from '@oddnode/protocol'

/** The ways of a node to cluster DNS, and the questions that tell whether one leads there. */
const ways: readonly Role[] = ['node-local', 'cluster-dns', 'cluster-dns-upstream', 'endpoint']
const questions: readonly Question[] = ['kubernetes', 'version', 'missing']

/**
 * The probes of a node's ways to cluster DNS that the budget of CoreDNS makes rare: without it they are asked in every round. None in a
 * small cluster.
 * @returns indexes into the plan's `probes`
 */
export function sampledWays({ probes, targets }: Plan): number[] {
  return probes.flatMap((probe, i) => {
    const role = targets[probe.target]?.role
    return role !== undefined && ways.includes(role) && isSampled(probe) ? [i] : []
  })
}

/** What asks who answers (NSID) is rare of itself, and a kept port tells of one flow. */
const isSampled = ({ question, everySeconds, edns, sourcePort, onlyAfterTruncation }: PlannedProbe): boolean =>
  everySeconds > 0 &&
  questions.includes(question) &&
  edns === undefined &&
  sourcePort === 'fresh' &&
  onlyAfterTruncation !== true

/**
 * How seldom the budget of CoreDNS has each target asked at most, in seconds; 0 for one that is asked in every round, or is no way to cluster
 * DNS.
 * @returns by the index of the target
 */
export function sampledSeconds({ probes, targets }: Plan): number[] {
  return targets.map(({ role }, index) => {
    const own = probes.filter(({ target, onlyAfterTruncation }) => target === index && onlyAfterTruncation !== true)
    return ways.includes(role) && own.length > 0 ? Math.min(...own.map(({ everySeconds }) => everySeconds)) : 0
  })
}
