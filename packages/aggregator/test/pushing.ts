import {
  encodeSamples,
  makePlan,
  type Observation,
  observationOf,
  type Plan,
  ROUND_SCHEMA,
  type Round,
  type Sample,
  type Vantage,
} from '@oddnode/protocol'

/** The boot id of an agent that never restarted. */
export const boot = '0123456789abcdef'

/** A plan with node-local DNS, cluster DNS and one endpoint: what an agent in a cluster has. */
export function clusterPlan(vantage: Vantage, changes: Partial<Parameters<typeof makePlan>[0]> = {}): Plan {
  return makePlan({
    vantage,
    targets: [
      { role: 'node-local', address: '169.254.20.10', port: 53, learnedFrom: 'kubernetes' },
      { role: 'cluster-dns', address: '10.96.0.10', port: 53, learnedFrom: 'kubernetes' },
      { role: 'endpoint', address: '10.244.1.7', port: 53, learnedFrom: 'kubernetes' },
    ],
    names: { clusterDomain: 'cluster.local', namespace: 'oddnode', external: null, canary: null },
    intervalSeconds: 15,
    deadlineSeconds: 2,
    closeSeconds: 6,
    suspicionSeconds: 5,
    ntp: [],
    aggregators: [],
    ...changes,
  })
}

/** What a healthy server gives to each question of `clusterPlan`. */
export function healthy(plan: Plan, probe: number): Observation {
  const question = plan.probes[probe]?.question
  const rcode = question === 'missing' || question === 'invalid' ? 3 : 0
  const answers =
    question === 'kubernetes' || question === 'pair' ? ['10.96.0.1'] : question === 'version' ? ['1.1.0'] : []
  return observationOf('answered', {
    rcode,
    seconds: 0.0004 + probe * 1e-5,
    size: 80,
    flags: 0x8500,
    ttl: 5,
    records: 1,
    answers,
    socket: 'connected',
    echoed: true,
  })
}

export const timeout = (): Observation => observationOf('timeout')

/** One sample of each probe that is asked for its own sake. */
export function samplesOf(plan: Plan, see: (plan: Plan, probe: number) => Observation = healthy): Sample[] {
  return plan.probes.flatMap((planned, probe) =>
    planned.onlyAfterTruncation ? [] : [{ probe, ageSeconds: 0.5, observation: see(plan, probe) }],
  )
}

/** The body of a push. */
export function roundOf(plan: Plan, samples: readonly Sample[] = samplesOf(plan), changes: Partial<Round> = {}): Round {
  return {
    schema: ROUND_SCHEMA,
    version: '0.1.0',
    plan: plan.id,
    planBody: plan,
    kind: 'regular',
    ageSeconds: 0,
    droppedRounds: 0,
    ...encodeSamples(samples),
    ...changes,
  }
}

/** A round without its plan's body. */
export function bareRoundOf(plan: Plan, samples?: readonly Sample[], changes: Partial<Round> = {}): Round {
  const { planBody: _, ...round } = roundOf(plan, samples, changes)
  return round
}

export const pathOf = (node: string, vantage: Vantage, counter: number, of = boot) =>
  `/v1/agents/${node}/${vantage}/rounds/${of}-${counter}`

/** A clock sample against the aggregator. */
export const clockSample = (
  offsetSeconds: number,
  uncertaintySeconds = 0.0005,
): NonNullable<Round['clock']>[number] => ({
  reference: { kind: 'aggregator', address: '10.0.0.9' },
  outcome: 'answered',
  offsetSeconds,
  uncertaintySeconds,
  delaySeconds: 2 * uncertaintySeconds,
})
