import type { Question, Role, Target } from '@oddnode/protocol'
import type { Cell } from '../cell.ts'
import { failingSince, medianSeconds, someOk, wrong } from '../cell-truth.ts'
import { needsApi } from '../cluster-names.ts'
import { dnsServer } from '../confirm.ts'
import { dnsPods } from '../dns-pods.ts'
import { failingCells } from '../failing-cells.ts'
import type { Fault, View } from '../fault.ts'
import type { Fleet } from '../fleet.ts'
import { columnsOf, endpointOf } from '../peers.ts'
import { type Case, clusterDomainOf, fleetRule, type Told } from '../rule.ts'
import { clusterScope, endpointScope } from '../scope.ts'
import { cellsOf, sightOf } from '../sight.ts'
import { type Truth, truth } from '../truth.ts'

type Unsynced = Case & { target: Target; isEvery: boolean; version: Cell[]; external: Cell[] }

const SERVFAIL = 2
/** Longer than a CoreDNS that has nothing to ask takes; one that waits for somebody takes seconds. */
const AT_ONCE_SECONDS = 0.05
/** Rows that stand for those of all nodes. */
const SHOWN_NODES = 3

/**
 * A Service with a ClusterIP needs Services alone; a headless one EndpointSlices, too. Without the right to read these CoreDNS answers
 * SERVFAIL for the latter only.
 */
const asked: ReadonlySet<Question> = new Set(['kubernetes', 'canary'])

/** Each CoreDNS pod that answers SERVFAIL to most nodes that ask it for a Service, or for a headless one. */
function unsynced({ fleet, at }: View): Unsynced[] {
  const endpoints = [...fleet.ledger.byTarget.values()].flatMap(([column]) =>
    column?.target.role === 'endpoint' ? [column.target] : [],
  )
  const suspects = new Map(
    endpoints.filter((target) => failsMostly(fleet, target)).map((target) => [target.address, target]),
  )
  if (suspects.size === 0) return []
  const failing = failingCells(fleet, (cell) => needsApi(cell) && onWay.has(cell.target.role) && isServfail(cell))
  const found = [...suspects.values()].flatMap((target) => {
    const atTarget = failing.filter((cell) => cell.target.role === 'endpoint' && cell.target.address === target.address)
    return atTarget.length === 0 ? [] : [{ target, atTarget }]
  })
  const isEvery = found.length === endpoints.length
  return found.map(({ target, atTarget }) => {
    const nodes = [...new Set(atTarget.map(({ node }) => node))].slice(0, SHOWN_NODES)
    const others = (question: 'version' | 'external') => cellsAt(fleet, nodes, target, question, at)
    return {
      since: failingSince(atTarget),
      evidence: atTarget.filter(({ node }) => nodes.includes(node)),
      explains: failing.filter((cell) => cell.target.role !== 'endpoint' || atTarget.includes(cell)),
      target,
      isEvery,
      version: others('version'),
      external: others('external'),
    }
  })
}

/** The pods themselves, and what passes their answers on. */
const onWay: ReadonlySet<Role> = new Set([
  'endpoint',
  'cluster-dns',
  'cluster-dns-upstream',
  'node-local',
  'resolv-conf',
])

const isServfail = (cell: Cell): boolean => wrong([cell], SERVFAIL) === 'yes'

function failsMostly(fleet: Fleet, target: Target): boolean {
  const columns = columnsOf(fleet, target).filter(({ question }) => asked.has(question))
  return columns.some(({ failing, ok, degraded }) => failing > ok + degraded)
}

function cellsAt(
  fleet: Fleet,
  nodes: readonly string[],
  { address }: Target,
  question: 'version' | 'external',
  at: number,
): Cell[] {
  return nodes.flatMap((name) => {
    const node = fleet.nodes.get(name)
    if (node === undefined) return []
    const sight = sightOf(fleet, node, at)
    return (['host', 'pod'] as const).flatMap((vantage) =>
      cellsOf(sight, { vantage, role: 'endpoint', address, question }),
    )
  })
}

/** Which of the two causes it is, where somebody looked. */
function causeWords({ cluster }: Fleet): string {
  const passed = cluster?.checks.find(({ id }) => id === 'coredns-rbac')?.passed ?? null
  if (passed === null) return 'permission, or no way to the API server'
  return passed ? 'no way to the API server' : 'permission'
}

/** Where Services with a ClusterIP are known, EndpointSlices are what was not read. */
const lacksServices = ({ evidence }: Unsynced): boolean =>
  evidence.some(({ planned }) => planned.question === 'kubernetes')

/** What is answered wrong, what was not read, and a name to see it by. */
function lackWords({ cases: [one], fleet }: Told<Unsynced>): { names: string; unread: string; name: string } {
  if (lacksServices(one)) {
    const domain = clusterDomainOf(fleet) ?? 'CLUSTER-DOMAIN'
    return { names: 'cluster names', unread: 'Services', name: `kubernetes.default.svc.${domain}` }
  }
  const name = fleet.cluster?.canary?.name ?? 'HEADLESS-SERVICE'
  return { names: 'headless Services', unread: 'EndpointSlices', name }
}

function serverWords({ cases, fleet }: Told<Unsynced>): string {
  const [{ isEvery, target }] = cases
  if (isEvery) return 'CoreDNS'
  const node = endpointOf(fleet, target)?.node ?? null
  return `CoreDNS pod ${target.address}${node === null ? '' : ` on ${node}`}`
}

const answersAtOnce = ({ evidence }: Unsynced): Truth => {
  const seconds = medianSeconds(evidence)
  return seconds === null ? 'no-data' : truth(seconds < AT_ONCE_SECONDS)
}

/** D-23. */
export const corednsNotSynced: Fault = {
  name: 'coredns-not-synced',
  tier: 1,
  about:
    'A CoreDNS pod runs, but has not read Services and EndpointSlices from the API: it answers SERVFAIL at once for every name of the cluster, and never becomes ready.',
  cause:
    'CoreDNS may not list and watch what it serves (the ClusterRole system:coredns lacks EndpointSlices, Services or namespaces), or it does not reach the API server. All pods alike: the permission, or the API server; one pod alone: the way from its node.',
  remedy:
    'Give the ClusterRole system:coredns list and watch of endpointslices (discovery.k8s.io), services and namespaces; or repair the way from the pod to the API server.',
  references: [
    'https://github.com/cilium/cilium/issues/27900',
    'https://github.com/projectcalico/calico/issues/3673',
    'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
  ],
  notTakenFor: {
    'tcp-53-blocked': 'there SERVFAIL comes after 2 to 5 s, and through node-local DNS only',
    'cluster-dns-has-no-endpoints': 'that is what follows where no pod is synced',
  },
  rules: [
    fleetRule<Unsynced>({
      cases: unsynced,
      signature: {
        'it answers SERVFAIL for names of Services at once, without waiting for anybody': answersAtOnce,
        'what it knows without the API is answered': ({ version, since }) => someOk(version, since),
      },
      supportedBy: {
        'names outside the cluster are answered': ({ external, since }) => someOk(external, since),
      },
      sameness: ({ isEvery, target }) => (isEvery ? '' : target.address),
      scope: ([{ isEvery, target }], _, { fleet }) => (isEvery ? clusterScope() : scopeOf(fleet, target)),
      severity: ({ cases: [{ isEvery }] }) => (isEvery ? 'critical' : 'warning'),
      title: '{server} has not read {unread}',
      story: '{server} answers SERVFAIL for {names}: it has not read {unread} from the API ({cause}).',
      confirm: [
        'kubectl auth can-i list endpointslices.discovery.k8s.io --as=system:serviceaccount:{namespace}:coredns',
        "kubectl -n {namespace} logs -l {selector} | grep -E 'Failed to (list|watch)|unsynced'",
        'in a pod on {asker}: dig +time=2 +tries=1 @{dnsServer} {name}.',
      ],
      values: (told) => ({
        ...lackWords(told),
        server: serverWords(told),
        cause: causeWords(told.fleet),
        dnsServer: dnsServer(told.cases[0].target),
        asker: told.cases[0].evidence[0]?.node ?? 'NODE',
        ...dnsPods(told.fleet),
      }),
    }),
  ],
  covers: [
    { faults: ['coredns-endpoint-failing'], on: 'same-target' },
    // It never becomes ready: no wonder that the others stand alone.
    { faults: ['coredns-not-spread'], on: 'anywhere' },
  ],
}

function scopeOf(fleet: Fleet, { role, address }: Target) {
  const { pod = null, node = null } = endpointOf(fleet, { address }) ?? {}
  return endpointScope({ role, address, pod, node })
}
