import { applyCluster, applyRound, createFleet, defaultThresholds, type Fleet } from '@oddnode/diagnosis'
import {
  CLUSTER_SCHEMA,
  type Cluster,
  makePlan,
  type Observation,
  observationOf,
  type Plan,
  type PlannedProbe,
  type Role,
  type Sample,
  type Vantage,
} from '@oddnode/protocol'

/** A cluster of simulated agents, whose rounds are made when they are applied. Nothing goes over a wire. */
export type SimulatedFleet = {
  fleet: Fleet
  nodes: readonly string[]
  plans: Readonly<Record<Vantage, Plan>>
  /** Seconds on the aggregator's clock; moved by whoever drives the fleet. */
  at: number
  counter: number
}

export type See = (node: string, vantage: Vantage, probe: PlannedProbe, role: Role) => Observation | null

export const INTERVAL_SECONDS = 15
const BOOT = '0123456789abcdef'
export const START = 1_800_000_000

const ENDPOINTS: readonly string[] = ['10.244.1.2', '10.244.2.2']

/** Two CoreDNS pods, one upstream, node-local DNS: some 40 probes an agent. */
export function planFor(vantage: Vantage, endpoints = ENDPOINTS): Plan {
  const target = (role: Role, address: string, port = 53) =>
    ({ role, address, port, learnedFrom: 'kubernetes' }) as const
  return makePlan({
    vantage,
    targets: [
      target('node-local', '169.254.20.10'),
      target('cluster-dns', '10.96.0.10'),
      target('cluster-dns-upstream', '10.96.0.11'),
      ...endpoints.map((address) => target('endpoint', address)),
      target('upstream', '192.0.2.53'),
      target('api-server', '10.96.0.1', 443),
    ],
    names: { clusterDomain: 'cluster.local', namespace: 'oddnode', external: 'www.example.com', canary: null },
    intervalSeconds: INTERVAL_SECONDS,
    deadlineSeconds: 2,
    closeSeconds: 6,
    suspicionSeconds: 5,
    ntp: [],
    aggregators: [],
  })
}

export function simulatedCluster(nodes: readonly string[], endpoints = ENDPOINTS): Cluster {
  return {
    schema: CLUSTER_SCHEMA,
    source: 'kubernetes',
    nodes: nodes.map((name, i) => ({
      name,
      ready: true,
      cordoned: false,
      createdAt: START - 86_400,
      attributes: { zone: `zone-${i % 3}` },
      group: '',
      expected: ['host', 'pod'],
    })),
    dns: {
      service: 'kube-system/kube-dns',
      addresses: ['10.96.0.10'],
      upstreamServiceAddresses: ['10.96.0.11'],
      nodeLocalAddresses: ['169.254.20.10'],
      nodeLocalOwns: [],
      endpoints: endpoints.map((address, i) => ({
        address,
        pod: `coredns-${i}`,
        node: nodes[i] ?? null,
        zone: null,
        ready: true,
        terminating: false,
        createdAt: START - 86_400,
      })),
      endpointsChangedAt: START - 86_400,
      prefersNearEndpoints: false,
      clusterDomain: 'cluster.local',
      zones: ['cluster.local'],
      forwards: ['192.0.2.53'],
      upstreams: ['192.0.2.53'],
    },
    apiServer: { address: '10.96.0.1', port: 443 },
    canary: null,
    troubles: [],
    events: [],
    checks: [],
    hidden: [],
  }
}

export function simulateFleet(nodeCount: number): SimulatedFleet {
  const nodes = Array.from({ length: nodeCount }, (_, i) => `node-${String(i).padStart(5, '0')}`)
  const fleet = createFleet(START, defaultThresholds)
  applyCluster(fleet, START, simulatedCluster(nodes))
  return { fleet, nodes, plans: { host: planFor('host'), pod: planFor('pod') }, at: START, counter: 0 }
}

const answered = (rcode: number, seconds: number, answers: readonly string[] = []): Observation =>
  observationOf('answered', { rcode, seconds, answers })
const healthyAnswers: Partial<Record<PlannedProbe['question'], Observation>> = {
  missing: answered(3, 0.0004),
  invalid: answered(3, 0.004),
  wildcard: answered(3, 0.0004),
  trap: observationOf('timeout'),
  external: answered(0, 0.004, ['203.0.113.7']),
  connect: observationOf('answered', { seconds: 0.0003 }),
  reach: observationOf('answered', { seconds: 0.0003 }),
  health: observationOf('answered', { seconds: 0.0003 }),
}
const healthyAnswer = answered(0, 0.0004, ['10.96.0.1'])

/** What a probe sees where all is well. */
export const healthy = ({ question }: PlannedProbe): Observation => healthyAnswers[question] ?? healthyAnswer

/** One round of one agent, as of `simulated.at`. @param see null for what is healthy */
export function pushRound(simulated: SimulatedFleet, node: string, vantage: Vantage, see: See): void {
  const plan = simulated.plans[vantage]
  const samples: Sample[] = []
  for (const [probe, planned] of plan.probes.entries()) {
    if (planned.onlyAfterTruncation) continue
    const role = plan.targets[planned.target]?.role ?? 'endpoint'
    samples.push({ probe, ageSeconds: 0, observation: see(node, vantage, planned, role) ?? healthy(planned) })
  }
  applyRound(simulated.fleet, {
    node,
    vantage,
    boot: BOOT,
    counter: simulated.counter++,
    receivedAt: simulated.at,
    round: { version: '0.1.0', kind: 'regular', ageSeconds: 0, droppedRounds: 0 },
    samples,
    plan,
  })
}
