import type {
  Cluster,
  Facts,
  Finding,
  Observation,
  Outcome,
  Plan,
  PlannedProbe,
  Role,
  Vantage,
} from '@oddnode/protocol'
import { observationOf, rcodeName, vantages } from '@oddnode/protocol'
import { applyCluster, applyTick } from '../../src/apply.ts'
import { visibleFindings } from '../../src/evaluate.ts'
import { agentKey, createFleet } from '../../src/fleet.ts'
import { defaultThresholds, type Thresholds } from '../../src/thresholds.ts'
import { clusterNode, clusterOf, createWorld, type Extra, good, push, type World } from '../world.ts'
import { faultPlan } from './fault-plan.ts'

/** A probe as a test of a fault speaks of it. */
export type ProbeOf = Pick<PlannedProbe, 'transport' | 'question' | 'sourcePort' | 'size' | 'name' | 'edns'> & {
  vantage: Vantage
  role: Role
  address: string
}

/** What goes wrong: an outcome, an RCODE by its name, a whole observation; null where all is well. */
export type Wrong = Outcome | 'SERVFAIL' | 'NXDOMAIN' | 'REFUSED' | 'NOERROR' | 'FORMERR' | Observation | null

export type Sees = (node: string, probe: ProbeOf, round: number) => Wrong

/** How a test's cluster is made; the rest is healthy. */
export type Setting = {
  nodes?: readonly string[]
  plan?: (vantage: Vantage, node: string) => Plan
  cluster?: Cluster | null
  facts?: (node: string, vantage: Vantage) => Facts
  clock?: Extra['clock']
  thresholds?: Partial<Thresholds>
  /** What is seen in the five rounds before the test begins; absent: all is well. */
  before?: Sees
}

/** Three nodes in two zones, all well, whose probes can be made to see something else. */
export type FaultWorld = {
  world: World
  /** So many rounds of every agent, with an evaluation after each; what is visible then. */
  run: (rounds: number, sees: Sees) => Finding[]
  /** Takes over another picture of the cluster. */
  setCluster: (cluster: Cluster) => void
}

/** Facts of a node with a node-local cache: its pods ask the cache, and the cache asks what the host's file names. */
export const nodeLocalFacts = (_node: string, vantage: Vantage): Facts => ({
  localAddresses: ['169.254.20.10'],
  resolvConf:
    vantage === 'pod'
      ? resolvConf(['169.254.20.10'], ['oddnode.svc.cluster.local', 'svc.cluster.local', 'cluster.local'], ['ndots:5'])
      : resolvConf(['192.0.2.53']),
})

/** A node on an IPv4 network, with kube-proxy in IPVS mode or not. */
export const networkFacts = (ipvs: boolean): NonNullable<Facts['network']> => ({
  defaultRouteIpv4: true,
  defaultRouteIpv6: false,
  globalIpv6: false,
  ipForward: true,
  bridgeNfCallIptables: null,
  ipNonlocalBind: false,
  ipvs,
})

/** A resolv.conf as an agent tells it. */
export const resolvConf = (
  nameservers: string[],
  search: string[] = [],
  options: string[] = [],
): NonNullable<Facts['resolvConf']> => ({
  path: '/etc/resolv.conf',
  nameservers,
  search,
  options,
  usedNameservers: nameservers.slice(0, 3),
  limits: [],
  modifiedAt: null,
  unread: [],
  error: null,
})

export const threeNodes = ['node-1', 'node-2', 'node-3'] as const

/** The cluster of these tests: CoreDNS on node-1 and node-3. */
export const faultCluster = (nodes: readonly string[] = threeNodes): Cluster =>
  clusterOf(
    nodes.map((name, i) => clusterNode(name, { attributes: { zone: `zone-${(i % 2) + 1}` } })),
    {
      upstreamServiceAddresses: ['10.96.0.11'],
      endpoints: ['node-1', 'node-3'].map((node, i) => ({
        address: `10.244.${i * 2 + 1}.2`,
        pod: `coredns-${i + 1}`,
        node,
        // As a cloud would spread them.
        zone: `zone-${i + 1}`,
        ready: true,
        terminating: false,
        createdAt: null,
      })),
      upstreams: ['192.0.2.53'],
    },
  )

export function faultWorld({
  nodes = threeNodes,
  plan = faultPlan,
  cluster,
  facts = nodeLocalFacts,
  clock,
  thresholds = {},
  before = () => null,
}: Setting = {}): FaultWorld {
  const world = createWorld([...nodes])
  world.fleet = createFleet(world.at, { ...defaultThresholds, ...thresholds })
  const plans = new Map(
    nodes.flatMap((node) => vantages.map((vantage) => [agentKey(node, vantage), plan(vantage, node)] as const)),
  )
  if (cluster !== null) applyCluster(world.fleet, world.at, cluster ?? faultCluster(nodes))
  let round = 0
  const run = (rounds: number, sees: Sees) => {
    for (let i = 0; i < rounds; i++, round++) {
      world.at += 15
      for (const node of nodes) {
        for (const vantage of vantages) {
          const planned = plans.get(agentKey(node, vantage)) as Plan
          world.plan = planned
          const extra = { facts: facts(node, vantage), ...(clock === undefined ? {} : { clock }) }
          push(
            world,
            node,
            vantage,
            (probe) => observe(planned, vantage, probe, (one) => sees(node, one, round)),
            extra,
          )
        }
      }
      applyTick(world.fleet, world.at + 0.5)
    }
    return visibleFindings(world.fleet)
  }
  run(5, before)
  return { world, run, setCluster: (next) => applyCluster(world.fleet, world.at, next) }
}

/** What a probe of a plan sees; null for one that is not asked of its own. */
export function observe(
  plan: Plan,
  vantage: Vantage,
  probe: number,
  see: (probe: ProbeOf) => Wrong,
): Observation | null {
  const planned = plan.probes[probe]
  const target = plan.targets[planned?.target ?? -1]
  if (planned === undefined || target === undefined || planned.onlyAfterTruncation) return null
  const wrong = see({ ...planned, vantage, role: target.role, address: target.address })
  if (wrong === null) return healthy(planned)
  if (typeof wrong === 'object') return wrong
  if (wrong === 'late') return { ...healthy(planned), outcome: 'late', seconds: 2.5 }
  const rcode = [0, 1, 2, 3, 5].find((code) => rcodeName(code) === wrong)
  return rcode === undefined
    ? observationOf(wrong as Outcome, { error: wrong })
    : observationOf('answered', { rcode, seconds: 0.0005 })
}

/** What a probe sees where all is well. */
function healthy({ question, size, edns, transport }: PlannedProbe): Observation {
  switch (question) {
    case 'missing':
    case 'invalid':
    case 'wildcard':
      return observationOf('answered', { rcode: 3, seconds: 0.0005 })
    case 'trap':
      return observationOf('timeout')
    case 'large':
      return transport === 'udp' && size !== undefined && size > (edns?.udpPayloadSize ?? 512)
        ? observationOf('truncated', { rcode: 0, seconds: 0.0005 })
        : good(['192.0.2.1'])
    case 'external':
      return good(['203.0.113.7'], 0.004)
    case 'connect':
    case 'reach':
    case 'health':
      return observationOf('answered', { seconds: 0.0003 })
    default:
      return good()
  }
}

/** A way of seeing, for `named` and `run`. */
export const worldOf = (sees: Sees, setting: Setting = {}): { sees: Sees; setting: Setting } => ({ sees, setting })

/** What is visible after eight rounds of it. */
export const named = ({ sees, setting }: ReturnType<typeof worldOf>, rounds = 8): Finding[] =>
  faultWorld(setting).run(rounds, sees)

/** The one finding that there is. @throws where there is none, or another one beside it */
export function single(findings: readonly Finding[]): Finding {
  const [finding, ...others] = findings
  if (finding === undefined || others.length > 0) {
    throw new Error(
      `one finding wanted, but there are:\n${findings.map(({ fault, story }) => `${fault}: ${story}`).join('\n')}`,
    )
  }
  return finding
}
