import type {
  ClockSample,
  Cluster,
  ClusterDns,
  ClusterNode,
  Facts,
  Observation,
  Plan,
  PlannedProbe,
  Question,
  Role,
  Sample,
  Transport,
  Vantage,
} from '@oddnode/protocol'
import { CLUSTER_SCHEMA, observationOf, PLAN_SCHEMA } from '@oddnode/protocol'
import { applyRound, type RoundEffect } from '../src/apply.ts'
import { type OddCell, oddCells } from '../src/differences.ts'
import { createFleet, type Fleet } from '../src/fleet.ts'
import { updateLedger } from '../src/ledger.ts'
import { type OddColumns, oddColumns } from '../src/odd-columns.ts'
import { defaultThresholds } from '../src/thresholds.ts'

/** When the tests' aggregator starts. */
export const start = 1_800_000_000

export type Asked = { role: Role; address: string; transport?: Transport; question?: Question; everySeconds?: number }

/** A plan that asks these, in this order. */
export function planOf(asked: readonly Asked[], id = 'a1'): Plan {
  const addresses = [...new Set(asked.map(({ role, address }) => `${role} ${address}`))]
  return {
    schema: PLAN_SCHEMA,
    id,
    intervalSeconds: 15,
    deadlineSeconds: 2,
    closeSeconds: 6,
    suspicionSeconds: 5,
    names: { clusterDomain: 'cluster.local', namespace: 'oddnode', external: 'example.com', canary: null },
    targets: addresses.map((name) => {
      const [role, address] = name.split(' ') as [Role, string]
      return { role, address, port: 53, learnedFrom: 'kubernetes' }
    }),
    probes: asked.map(({ role, address, transport = 'udp', question = 'kubernetes', everySeconds = 0 }) => {
      const probe: PlannedProbe = {
        target: addresses.indexOf(`${role} ${address}`),
        transport,
        question,
        everySeconds,
        sourcePort: 'fresh',
        edns: { udpPayloadSize: 1232, nsid: false },
      }
      return probe
    }),
    ntp: [],
    aggregators: [],
  }
}

export const nodeLocal = '169.254.20.10'
export const clusterDns = '10.96.0.10'
export const endpoint = '10.244.0.7'

/** node-local and cluster DNS over UDP and TCP, one endpoint. */
export const clusterPlan = planOf([
  { role: 'node-local', address: nodeLocal },
  { role: 'node-local', address: nodeLocal, transport: 'tcp' },
  { role: 'cluster-dns', address: clusterDns },
  { role: 'cluster-dns', address: clusterDns, transport: 'tcp' },
  { role: 'endpoint', address: endpoint },
])

export const good = (answers: string[] = ['10.96.0.1'], seconds = 0.0004): Observation =>
  observationOf('answered', { rcode: 0, seconds, answers })
export const timeout = observationOf('timeout', { error: 'no answer within 6 s' })
export const refused = observationOf('refused', { error: 'ECONNREFUSED' })
export const servfail = observationOf('answered', { rcode: 2, seconds: 0.0005 })
export const late = observationOf('late', { rcode: 0, seconds: 2.5, answers: ['10.96.0.1'] })
export const localError = observationOf('local-error', { error: 'EMFILE' })

/** One sample of each probe of a plan, taken at the end of its round. */
export function samplesOf(plan: Plan, see: (probe: number) => Observation | null): Sample[] {
  return plan.probes.flatMap((_, probe) => {
    const observation = see(probe)
    return observation === null ? [] : [{ probe, ageSeconds: 0, observation }]
  })
}

/** What an agent sees: null for a probe that is left out of a round, or for an agent that does not push. */
export type Sees = (node: string, vantage: Vantage, probe: number) => Observation | null

export type World = { fleet: Fleet; at: number; counter: number; plan: Plan; nodes: string[]; vantages: Vantage[] }

export function createWorld(nodes: string[], plan = clusterPlan, vantages: Vantage[] = ['host', 'pod']): World {
  return { fleet: createFleet(start, defaultThresholds), at: start, counter: 0, plan, nodes, vantages }
}

export type Extra = { clock?: (node: string) => ClockSample[]; facts?: Facts; ageSeconds?: number }

/** One push. */
export function push(
  world: World,
  node: string,
  vantage: Vantage,
  see: (probe: number) => Observation | null,
  { clock, facts, ageSeconds = 0 }: Extra = {},
): RoundEffect {
  return applyRound(world.fleet, {
    node,
    vantage,
    boot: '0123456789abcdef',
    counter: world.counter++,
    receivedAt: world.at,
    round: {
      version: '0.1.0',
      kind: 'regular',
      ageSeconds,
      droppedRounds: 0,
      ...(clock === undefined ? {} : { clock: clock(node) }),
      ...(facts === undefined ? {} : { facts }),
    },
    samples: samplesOf(world.plan, see),
    plan: world.plan,
  })
}

/** Rounds of all agents, one each interval. An agent that sees nothing at all does not push. */
export function rounds(world: World, count: number, sees: Sees, extra: Extra = {}): void {
  for (let round = 0; round < count; round++) {
    world.at += 15
    for (const node of world.nodes) {
      for (const vantage of world.vantages) {
        if (sees(node, vantage, 0) !== null) push(world, node, vantage, (probe) => sees(node, vantage, probe), extra)
      }
    }
  }
}

/** A reading against the aggregator. + = the node is ahead. */
export const aggregatorClock = (offsetSeconds: number, uncertaintySeconds = 0.001): ClockSample => ({
  reference: { kind: 'aggregator', address: '10.0.0.1' },
  outcome: 'answered',
  offsetSeconds,
  uncertaintySeconds,
  delaySeconds: uncertaintySeconds * 2,
})

/** A reading against an NTP server, with a second implementation that agrees. */
export const ntpClock = (offsetSeconds: number, address = '192.0.2.1', uncertaintySeconds = 0.001): ClockSample => ({
  ...aggregatorClock(offsetSeconds, uncertaintySeconds),
  reference: { kind: 'ntp', address },
  secondOpinion: { offsetSeconds, uncertaintySeconds, agrees: true },
})

/** A node as the API has it, a day old. */
export const clusterNode = (name: string, changes: Partial<ClusterNode> = {}): ClusterNode => ({
  name,
  ready: true,
  cordoned: false,
  createdAt: start - 86_400,
  attributes: {},
  group: '',
  expected: ['host', 'pod'],
  ...changes,
})

/** A cluster as the API shows it, with the addresses of `clusterPlan`. */
export function clusterOf(
  nodes: readonly ClusterNode[],
  dns: Partial<ClusterDns> = {},
  changes: Partial<Cluster> = {},
): Cluster {
  return {
    schema: CLUSTER_SCHEMA,
    source: 'kubernetes',
    nodes: [...nodes],
    dns: {
      service: 'kube-system/kube-dns',
      addresses: [clusterDns],
      upstreamServiceAddresses: [],
      nodeLocalAddresses: [nodeLocal],
      nodeLocalOwns: [],
      endpoints: [
        {
          address: endpoint,
          pod: 'coredns-1',
          node: null,
          zone: null,
          ready: true,
          terminating: false,
          createdAt: start,
        },
      ],
      endpointsChangedAt: start - 3600,
      prefersNearEndpoints: false,
      clusterDomain: 'cluster.local',
      zones: ['cluster.local'],
      forwards: ['/etc/resolv.conf'],
      upstreams: [],
      ...dns,
    },
    apiServer: { address: '10.96.0.1', port: 443 },
    canary: null,
    troubles: [],
    events: [],
    checks: [],
    hidden: [],
    ...changes,
  }
}

/** The columns of a fleet that are odd, as of now. */
export function oddColumnsOf(fleet: Fleet): OddColumns {
  updateLedger(fleet.ledger, fleet.agents)
  return oddColumns(fleet)
}

/** Its odd cells. */
export const oddCellsOf = ({ fleet, at }: Pick<World, 'fleet' | 'at'>): OddCell[] =>
  oddCells(oddColumnsOf(fleet), fleet.thresholds, at)

/** A value that the test knows to be there. @throws if it is not */
export function present<T>(value: T | undefined | null): T {
  if (value === undefined || value === null) throw new Error('not there')
  return value
}
