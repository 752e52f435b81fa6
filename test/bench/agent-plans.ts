// The two plans that the agent is measured with.
import { createHash } from 'node:crypto'
import { makePlan, type Plan, type PlannedProbe, type Target } from '@oddnode/protocol'

const names = { clusterDomain: 'cluster.local', namespace: 'oddnode', external: null, canary: null }
const DEADLINE_SECONDS = 0.5

const target = (host: number, port: number, role: Target['role'] = 'endpoint'): Target => ({
  role,
  address: `127.0.53.${host}`,
  port,
  learnedFrom: 'configuration',
})

/** Two probes of each target in each round: the same question over UDP and TCP. */
export function steadyPlan(port: number, perSecond: number, intervalSeconds: number): Plan {
  const targets = Array.from({ length: (perSecond * intervalSeconds) / 2 }, (_, i) => target(i + 1, port))
  const empty = makePlan({
    vantage: 'host',
    targets,
    names,
    intervalSeconds,
    deadlineSeconds: DEADLINE_SECONDS,
    closeSeconds: 2 * DEADLINE_SECONDS,
    suspicionSeconds: 5,
    ntp: [],
    aggregators: [],
  })
  const probes = targets.flatMap((_target, i) => [probeOf(i, 'udp'), probeOf(i, 'tcp')])
  const id = createHash('sha256').update(JSON.stringify(probes)).digest('hex').slice(0, 16)
  return { ...empty, probes, id }
}

const probeOf = (index: number, transport: 'udp' | 'tcp'): PlannedProbe => ({
  target: index,
  transport,
  question: 'kubernetes',
  everySeconds: 0,
  sourcePort: 'fresh',
})

/** What an agent of a cluster with eight CoreDNS pods asks at the default interval. */
export function typicalPlan(port: number): Plan {
  const endpoints = Array.from({ length: 8 }, (_, i) => target(10 + i, port))
  return makePlan({
    vantage: 'pod',
    targets: [
      target(1, port, 'node-local'),
      target(2, port, 'cluster-dns'),
      target(3, port, 'cluster-dns-upstream'),
      ...endpoints,
    ],
    names: { ...names, external: 'dns-version.cluster.local' },
    intervalSeconds: 15,
    deadlineSeconds: 2,
    closeSeconds: 6,
    suspicionSeconds: 5,
    ntp: [],
    aggregators: [],
  })
}
