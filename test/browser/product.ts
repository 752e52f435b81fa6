import type { Cluster, ClusterCheck, Observation, PlannedProbe, Role, Round, Vantage } from '@oddnode/protocol'
import { type App, buildApp } from '../../packages/aggregator/src/app.ts'
import { loadConfig } from '../../packages/aggregator/src/config.ts'
import { handClock } from '../../packages/aggregator/test/test-app.ts'
import { healthy, INTERVAL_SECONDS, planFor, simulatedCluster } from '../bench/diagnosis-fleet.ts'

/** What one agent sees of a probe; null for what is healthy. */
export type See = (node: string, vantage: Vantage, probe: PlannedProbe, role: Role) => Observation | null

export type Simulation = {
  nodes: readonly string[]
  see?: See
  /** Seconds by which the node's clock is ahead; null where no reference answers it. */
  offset?: (node: string) => number | null
  /** Agents that say nothing. */
  silent?: (node: string, vantage: Vantage) => boolean
  /** Changes the picture of the cluster. */
  cluster?: (cluster: Cluster) => Cluster
}

/** A real aggregator on a port of this machine, and simulated agents whose rounds it takes. */
export type Product = {
  app: App
  address: string
  /** Lets time pass: each agent pushes one round, at its own moment. */
  round: (simulation: Simulation, rounds?: number) => void
  /** Lets time pass in which nobody pushes. */
  wait: (seconds: number) => void
  /** A new picture of the cluster. */
  discover: (simulation: Simulation) => void
  close: () => Promise<void>
}

/** @param startedAt seconds from the usual time on, for one that comes after another */
export async function startProduct(flags: readonly string[] = [], startedAt = 0): Promise<Product> {
  const loaded = loadConfig({ arguments: ['--logLevel=silent', '--cluster=prod-eu', ...flags], environment: {} })
  if ('errors' in loaded) throw new Error(loaded.errors.join('\n'))
  const clock = handClock()
  clock.advance(startedAt)
  const app = await buildApp({ config: loaded.value, secret: null, api: null, clock, version: '0.1.0' })
  const address = await app.server.listen({ host: '127.0.0.1', port: 0 })
  const plans = { host: planFor('host'), pod: planFor('pod') }
  // Agents outlive the aggregator: they go on counting.
  let counter = startedAt
  const step = (seconds: number) => {
    clock.advance(seconds)
    while (app.tick());
  }
  const push = (simulation: Simulation, node: string, vantage: Vantage) => {
    if (simulation.silent?.(node, vantage)) return
    const plan = plans[vantage]
    const see = simulation.see ?? (() => null)
    const samples = plan.probes.flatMap((planned, probe) => {
      if (planned.onlyAfterTruncation) return []
      const role = plan.targets[planned.target]?.role ?? 'endpoint'
      return [
        { probe, ageSeconds: 0, observation: see(node, vantage, planned, role) ?? varied(planned, node, counter) },
      ]
    })
    app.evaluation.take({
      node,
      vantage,
      boot: '0123456789abcdef',
      counter,
      receivedAt: clock.now(),
      round: {
        version: '0.1.0',
        kind: 'regular',
        ageSeconds: 0,
        droppedRounds: 0,
        ...extras(simulation, node, vantage),
      },
      samples,
      plan,
    })
  }
  return {
    app,
    address,
    round: (simulation, rounds = 1) => {
      for (let i = 0; i < rounds; i++) {
        for (let third = 0; third < 3; third++) {
          step(INTERVAL_SECONDS / 3)
          for (const [at, node] of simulation.nodes.entries()) {
            if (at % 3 === third) for (const vantage of ['host', 'pod'] as const) push(simulation, node, vantage)
          }
        }
        counter++
      }
      step(1)
    },
    wait: (seconds) => {
      for (let left = seconds; left > 0; left -= 5) step(Math.min(5, left))
    },
    discover: (simulation) => app.evaluation.takeCluster(pictureOf(simulation)),
    close: () => app.server.close(),
  }
}

/** No two answers of a real network take the same time. */
function varied(probe: PlannedProbe, node: string, counter: number): Observation {
  const observation = healthy(probe)
  if (observation.seconds === null) return observation
  const noise = ((hashOf(node) + counter * 7919) % 1000) / 1000
  return { ...observation, seconds: observation.seconds * (0.7 + 0.8 * noise) }
}

const hashOf = (text: string) => [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 7)

function extras(simulation: Simulation, node: string, vantage: Vantage): Pick<Round, 'clock' | 'facts'> {
  const offset = simulation.offset ? simulation.offset(node) : ((hashOf(node) % 100) - 50) / 100_000
  return {
    facts: factsOf(node, vantage),
    ...(offset === null ? {} : { clock: [readingOf(offset)] }),
  }
}

const readingOf = (offsetSeconds: number): NonNullable<Round['clock']>[number] => ({
  reference: { kind: 'aggregator', address: '10.0.0.9' },
  outcome: 'answered',
  offsetSeconds,
  uncertaintySeconds: 0.0011,
  delaySeconds: 0.0022,
})

function factsOf(node: string, vantage: Vantage): NonNullable<Round['facts']> {
  const newer = hashOf(node) % 3 === 0
  return {
    system: {
      kernel: newer ? '6.8.0-45-generic' : '6.8.0-40-generic',
      os: 'Linux',
      hostname: node,
      nodeVersion: 'v24.21.0',
    },
    resolvConf: {
      path: '/etc/resolv.conf',
      nameservers: [vantage === 'pod' ? '169.254.20.10' : '192.0.2.53'],
      search: vantage === 'pod' ? ['oddnode.svc.cluster.local', 'svc.cluster.local', 'cluster.local'] : ['example.com'],
      options: vantage === 'pod' ? ['ndots:5'] : [],
      usedNameservers: [vantage === 'pod' ? '169.254.20.10' : '192.0.2.53'],
      limits: [],
      modifiedAt: null,
      unread: [],
      error: null,
    },
    routes: [{ address: '10.96.0.10', device: 'eth0', mtu: newer ? 1450 : 1500 }],
    conntrack: { entries: 1200, max: 262_144, counters: {} },
  }
}

const checks: readonly ClusterCheck[] = [
  { id: 'dns-pods-running', passed: true, detail: '2 of 2 CoreDNS pods are running and ready.' },
  { id: 'dns-service-exists', passed: true, detail: 'kube-system/kube-dns at 10.96.0.10.' },
  { id: 'endpointslices-ready', passed: true, detail: '2 ready endpoints.' },
  { id: 'corefile-readable', passed: true, detail: 'One zone, cluster.local; other names go to 192.0.2.53.' },
  { id: 'coredns-rbac', passed: null, detail: 'ClusterRoles cannot be read with these rights.' },
]

function pictureOf(simulation: Simulation): Cluster {
  const plain = simulatedCluster(simulation.nodes)
  const nodes = plain.nodes.map((node, i) => ({
    ...node,
    attributes: {
      zone: `eu-west-1${'abc'[i % 3]}`,
      instanceType: 'm6i.xlarge',
      kernel: hashOf(node.name) % 3 === 0 ? '6.8.0-45-generic' : '6.8.0-40-generic',
      kubelet: 'v1.31.2',
      osImage: 'Ubuntu 24.04.1 LTS',
      cni: '1.16.4',
    },
  }))
  const picture: Cluster = {
    ...plain,
    nodes,
    checks: [...checks],
    hidden: ["ClusterRoles: forbidden, so CoreDNS's own rights were not looked at."],
  }
  return simulation.cluster?.(picture) ?? picture
}
