import {
  type ClockSample,
  type Cluster,
  decodeSamples,
  encodeSamples,
  type Facts,
  type Observation,
  observationOf,
  outcomes,
  type Plan,
  type Role,
  type Sample,
  transports,
  type Vantage,
  vantages,
} from '@oddnode/protocol'
import {
  ClockSample as ClockSampleSchema,
  Cluster as ClusterSchema,
  Facts as FactsSchema,
  Plan as PlanSchema,
  Round as RoundSchema,
} from '@oddnode/protocol/schema'
import fc from 'fast-check'
import type { RoundInput } from '../src/apply.ts'
import { arbitraryOf } from './arbitrary-of.ts'
import { faultPlan, planWithout } from './faults/fault-plan.ts'
import { faultCluster, nodeLocalFacts, observe, type Wrong } from './faults/fault-world.ts'
import type { Step } from './script.ts'
import { aggregatorClock, start } from './world.ts'

const boot = '0123456789abcdef'
const nodeNames = ['node-1', 'node-2', 'node-3', 'node-4'] as const

/** What goes wrong in a cluster, where, and from which round to which. Absent: everywhere. */
export type Mishap = {
  node?: number
  vantage?: Vantage
  role: Role
  transport?: (typeof transports)[number]
  wrong: Wrong
  from: number
  rounds: number
}

/** A cluster in which some of it goes wrong. */
export type RandomWorld = {
  nodes: number
  mishaps: readonly Mishap[]
  /** Without a node-local cache, or outside of Kubernetes. */
  without: readonly Role[]
  inKubernetes: boolean
  /** Each node's clock, in seconds ahead of the aggregator's. */
  offsets: readonly number[]
}

const roles: readonly Role[] = [
  'node-local',
  'cluster-dns',
  'cluster-dns-upstream',
  'endpoint',
  'upstream',
  'api-server',
]

const mishaps: fc.Arbitrary<Mishap> = fc.record(
  {
    node: fc.nat(3),
    vantage: fc.constantFrom(...vantages),
    role: fc.constantFrom(...roles),
    transport: fc.constantFrom(...transports),
    wrong: fc.constantFrom<Wrong>(
      'timeout',
      'refused',
      'denied',
      'unreachable',
      'SERVFAIL',
      'REFUSED',
      'NXDOMAIN',
      'late',
    ),
    from: fc.nat(4),
    rounds: fc.integer({ min: 3, max: 16 }),
  },
  { requiredKeys: ['role', 'wrong', 'from', 'rounds'] },
)

export const randomWorlds: fc.Arbitrary<RandomWorld> = fc.record({
  nodes: fc.integer({ min: 1, max: 4 }),
  mishaps: fc.array(mishaps, { minLength: 1, maxLength: 3 }),
  without: fc.subarray<Role>(['node-local', 'cluster-dns-upstream', 'upstream'], { maxLength: 1 }),
  inKubernetes: fc.boolean(),
  offsets: fc.array(fc.constantFrom(0, 0, 0, 0.3, -94), { minLength: 4, maxLength: 4 }),
})

/** Rounds of a random world. */
export const WORLD_ROUNDS = 18

/**
 * Its inputs: a picture of the cluster, rounds of every agent, a tick after each round.
 * @param nameOf what each node is called, in the order in which they push
 */
export function stepsOf(
  world: RandomWorld,
  nameOf: (node: number) => string = (node) => nodeNames[node] ?? `node-${node + 1}`,
): Step[] {
  const nodes = Array.from({ length: world.nodes }, (_, node) => ({ node, name: nameOf(node) }))
  const planFor = planWithout(...world.without)
  const plans = { host: planFor('host'), pod: planFor('pod') }
  const steps: Step[] = world.inKubernetes ? [{ kind: 'cluster', at: start, cluster: clusterOf(nodes) }] : []
  for (let round = 0; round < WORLD_ROUNDS; round++) {
    const at = start + 15 * (round + 1)
    for (const { node, name } of nodes) {
      for (const vantage of vantages) {
        const see = seenBy(world.mishaps, node, vantage, round)
        steps.push({
          kind: 'round',
          input: roundOf(name, vantage, round, at, plans[vantage], see, world.offsets[node] ?? 0),
        })
      }
    }
    steps.push({ kind: 'tick', at: at + 0.5 })
  }
  return steps
}

/** The CoreDNS pods run on the first and the third node, whatever these are called. */
function clusterOf(nodes: readonly { name: string }[]): Cluster {
  const names = nodes.map(({ name }) => name)
  const cluster = faultCluster(names)
  const endpoints = cluster.dns.endpoints?.map((endpoint, i) => ({ ...endpoint, node: names[i * 2] ?? null })) ?? null
  return { ...cluster, dns: { ...cluster.dns, endpoints } }
}

type See = (role: Role, transport: string) => Wrong

const seenBy = (mishaps: readonly Mishap[], node: number, vantage: Vantage, round: number): See => {
  const now = mishaps.filter(
    (one) =>
      (one.node ?? node) === node &&
      (one.vantage ?? vantage) === vantage &&
      round >= 4 + one.from &&
      round < 4 + one.from + one.rounds,
  )
  return (role, transport) =>
    now.find((one) => one.role === role && (one.transport ?? transport) === transport)?.wrong ?? null
}

function roundOf(
  node: string,
  vantage: Vantage,
  counter: number,
  at: number,
  plan: Plan,
  see: See,
  offset: number,
): RoundInput {
  const samples = plan.probes.flatMap((_, probe): Sample[] => {
    const observation = observe(plan, vantage, probe, ({ role, transport }) => see(role, transport))
    return observation === null ? [] : [{ probe, ageSeconds: 0, observation }]
  })
  const facts: Facts = nodeLocalFacts(node, vantage)
  return {
    ...{ node, vantage, boot, counter, receivedAt: at, plan, samples: asOnTheWire(samples, plan) },
    round: {
      version: '0.1.0',
      kind: 'regular',
      ageSeconds: 0,
      droppedRounds: 0,
      facts,
      clock: [aggregatorClock(offset)],
    },
  }
}

/** Samples as the aggregator decodes them: times are rounded. */
export function asOnTheWire(samples: readonly Sample[], plan: Plan): Sample[] {
  const decoded = decodeSamples(encodeSamples(samples), plan.probes.length)
  if (!Array.isArray(decoded)) throw new TypeError(decoded.detail)
  return decoded
}

/** Seconds between inputs: mostly a round, sometimes none, sometimes an hour. */
const pauses = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(0, 1, 5, 15) },
  { weight: 1, arbitrary: fc.constantFrom(90, 3600) },
)

const observations: fc.Arbitrary<Observation> = fc
  .record({
    outcome: fc.constantFrom(...outcomes),
    rcode: fc.constantFrom(null, 0, 0, 2, 3, 5, 16, 4095),
    seconds: fc.constantFrom(null, 0, 0.0004, 0.2, 5, 86_400),
    size: fc.constantFrom(null, 0, 80, 65_535),
    ttl: fc.constantFrom(null, 0, 30, 4_294_967_295),
    answers: fc.constantFrom([], ['10.96.0.1'], ['10.0.0.9', '192.0.2.1'], ['']),
    source: fc.constantFrom(null, null, '10.244.1.2:53', 'x'),
    nsid: fc.constantFrom(null, null, 'coredns-1'),
    echoed: fc.constantFrom(null, true, false),
    records: fc.constantFrom(null, 0, 3),
    error: fc.constantFrom(null, 'ECONNREFUSED', ''),
  })
  .map(({ outcome, ...seen }) => observationOf(outcome, seen))

/** Any plan of the wire whose probes name a target that it has, and that of a real agent. */
const plans: fc.Arbitrary<Plan> = fc.oneof(
  fc.constantFrom(...vantages.map(faultPlan)),
  arbitraryOf(PlanSchema)
    .map((value) => value as Plan)
    .filter(({ targets }) => targets.length > 0)
    .map((plan) => ({
      ...plan,
      probes: plan.probes.map((probe) => ({ ...probe, target: probe.target % plan.targets.length })),
    })),
)

type Push = Omit<RoundInput, 'receivedAt' | 'plan' | 'samples' | 'counter' | 'boot'> & {
  plan: number
  seen: readonly Observation[]
}

const pushes: fc.Arbitrary<Push> = fc.record({
  node: fc.constantFrom(...nodeNames),
  vantage: fc.constantFrom(...vantages),
  plan: fc.nat(2),
  seen: fc.array(observations, { minLength: 1, maxLength: 8 }),
  round: fc.record(
    {
      version: fc.constant('0.1.0'),
      kind: fc.constantFrom('regular', 'regular', 'regular', 'suspicion', 'goodbye'),
      ageSeconds: fc.constantFrom(0, 0, 0, 15, 600, 604_800),
      droppedRounds: fc.nat(3),
      clock: fc.array(
        arbitraryOf(ClockSampleSchema).map((value) => value as ClockSample),
        { maxLength: 3 },
      ),
      clockSteps: arbitraryOf(RoundSchema.properties.clockSteps).map(
        (value) => value as NonNullable<RoundInput['round']['clockSteps']>,
      ),
      facts: arbitraryOf(FactsSchema).map((value) => value as Facts),
    },
    { requiredKeys: ['version', 'kind', 'ageSeconds', 'droppedRounds'] },
  ),
})

type Event = { after: number } & (
  | { kind: 'push'; push: Push; times: number }
  | { kind: 'cluster'; cluster: Cluster }
  | { kind: 'tick' | 'pause' | 'clock-set' }
)

const events: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('push' as const),
      after: pauses,
      push: pushes,
      times: fc.integer({ min: 1, max: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('cluster' as const),
      after: pauses,
      cluster: arbitraryOf(ClusterSchema).map((value) => value as Cluster),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('tick' as const), after: pauses }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('pause' as const, 'clock-set' as const), after: pauses }) },
)

/** An id is a hash of the rest: two plans that differ have two. */
const differentPlans = fc
  .tuple(plans, plans, plans)
  .map((three) => three.map((plan, i): Plan => ({ ...plan, id: `${i}${plan.id}`.slice(0, 64) })))

/** Whatever the wire allows, in any order: nonsense for the most part. */
export const wildSteps: fc.Arbitrary<Step[]> = fc
  .record({ plans: differentPlans, events: fc.array(events, { minLength: 1, maxLength: 30 }) })
  .map(({ plans, events }) => {
    let at = start
    let counter = 0
    return events.flatMap((event): Step[] => {
      at += event.after
      if (event.kind === 'cluster') return [{ kind: 'cluster', at, cluster: event.cluster }]
      if (event.kind !== 'push') return [{ kind: event.kind, at }]
      const pushed = Array.from({ length: event.times }, () => {
        at += 15
        return pushOf(event.push, plans, at, counter++)
      })
      return pushed.flatMap((step): Step[] => [step, { kind: 'tick', at: step.input.receivedAt }])
    })
  })

function pushOf(
  { plan: which, seen, ...push }: Push,
  plans: readonly Plan[],
  receivedAt: number,
  counter: number,
): Extract<Step, { kind: 'round' }> {
  const plan = plans[which] as Plan
  const samples = plan.probes.map((_, probe) => ({
    probe,
    ageSeconds: 0,
    observation: seen[(probe + counter) % seen.length] as Observation,
  }))
  return { kind: 'round', input: { ...push, plan, boot, counter, receivedAt, samples: asOnTheWire(samples, plan) } }
}
