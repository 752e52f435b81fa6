import type { Role, Target } from '@oddnode/protocol'
import type { Cell } from '../cell.ts'
import { dead, failingSince, wrong } from '../cell-truth.ts'
import { asksCluster } from '../cluster-names.ts'
import { dnsPods } from '../dns-pods.ts'
import { hasNoEndpoints } from '../endpoints.ts'
import { failingCells } from '../failing-cells.ts'
import type { Fault, View } from '../fault.ts'
import type { Fleet } from '../fleet.ts'
import { columnsOf } from '../peers.ts'
import { type Case, fleetRule, type Told } from '../rule.ts'
import { clusterScope } from '../scope.ts'
import { type Truth, truth } from '../truth.ts'

type NoEndpoints = Case & { servers: readonly Target[]; hasCaches: boolean }

/** The ClusterIPs behind which CoreDNS itself should be: not one that node-local DNS owns. */
function clusterIps({ ledger, cluster }: Fleet): Target[] {
  const owned = new Set(cluster?.dns.nodeLocalOwns)
  return [...ledger.byTarget.values()].flatMap(([column]) => {
    const target = column?.target
    if (target === undefined || owned.has(target.address)) return []
    return target.role === 'cluster-dns' || target.role === 'cluster-dns-upstream' ? [target] : []
  })
}

const SERVFAIL = 2
/** What hangs on CoreDNS: its pods themselves, what forwards to them, and what applications ask. */
const dependent: ReadonlySet<Role> = new Set([
  'node-local',
  'cluster-dns',
  'cluster-dns-upstream',
  'endpoint',
  'resolv-conf',
])
/** Rows that stand for those of all nodes. */
const SHOWN_NODES = 3

function withoutEndpoints({ fleet }: View): NoEndpoints[] {
  if (hasNoEndpoints(fleet) !== 'yes') return []
  const servers = clusterIps(fleet)
  const failing = failingCells(fleet, ({ target }) => dependent.has(target.role))
  const atServers = failing.filter((cell) => asksCluster(cell) && servers.some((one) => isSame(one, cell.target)))
  if (atServers.length === 0) return []
  const nodes = [...new Set(atServers.map(({ node }) => node))].slice(0, SHOWN_NODES)
  return [
    {
      since: failingSince(atServers),
      evidence: atServers.filter((cell) => nodes.includes(cell.node) && isPlain(cell)),
      explains: failing,
      servers,
      hasCaches: [...fleet.agents.values()].some(({ plan }) => plan.targets.some(({ role }) => role === 'node-local')),
    },
  ]
}

/** The question of every round: one that is asked once in minutes would hold the end up for as long. */
const isPlain = ({ planned }: Cell): boolean => planned.question === 'kubernetes' && planned.sourcePort === 'fresh'

const isSame = (a: Target, b: Target): boolean => a.role === b.role && a.address === b.address

/** Of each column more cells fail than not. */
function mostFail({ fleet }: View, servers: readonly Target[]): Truth {
  const columns = servers
    .flatMap((target) => columnsOf(fleet, target))
    .filter(({ question }) => question === 'kubernetes')
  return truth(columns.length > 0 && columns.every(({ failing, ok, degraded }) => failing > ok + degraded))
}

/** Why none is ready, as far as somebody says. */
function reasonOf({ cases: [{ explains = [] }], fleet }: Told<NoEndpoints>): string | null {
  const { dns, troubles = [] } = fleet.cluster ?? {}
  if (dns?.service === null) return 'its Service is missing'
  const trouble = troubles.find(({ component }) => component === 'coredns')
  if (trouble !== undefined) return trouble.reason
  if (dns?.endpoints?.length === 0) return 'there is none'
  const endpoints = explains.filter(
    ({ target, planned }) => target.role === 'endpoint' && planned.question === 'kubernetes',
  )
  return isUnsynced(endpoints) ? 'they answer SERVFAIL, because they have not read Services from the API' : null
}

const isUnsynced = (endpoints: readonly Cell[]): boolean => endpoints.length > 0 && wrong(endpoints, SERVFAIL) === 'yes'

/** D-38. */
export const clusterDnsHasNoEndpoints: Fault = {
  name: 'cluster-dns-has-no-endpoints',
  tier: 1,
  about:
    'The Service of cluster DNS has no CoreDNS pod that is ready behind it, or is missing itself: its ClusterIP leads nowhere, from any node.',
  cause:
    'The CoreDNS pods are pending (resources, taints), crash at their start (an upstream that is CoreDNS itself, an error in the Corefile), or run and never become ready, because they cannot read Services from the API. Else the Service is missing, or its selector matches none of them.',
  remedy:
    'Pods that are pending: resources, taints. That crash: an upstream that is CoreDNS itself, or the Corefile. That are not ready: their permission to read Services, and the way to the API. Else the selector of the Service.',
  references: [
    'https://github.com/kubernetes/kubernetes/issues/61005',
    'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
  ],
  notTakenFor: {
    'service-rules-broken-on-node': 'there the API has endpoints, and they answer that node directly',
    'coredns-not-synced': 'that is a cause of this one: the pods run, answer SERVFAIL, and so never become ready',
  },
  rules: [
    fleetRule<NoEndpoints>({
      cases: withoutEndpoints,
      signature: {
        'cluster DNS has no Service, or no pod behind it that is ready, and its ClusterIP fails on most nodes': (
          { servers },
          view,
        ) => mostFail(view, servers),
        'it gives no answer at all': ({ evidence }) => dead(evidence),
      },
      scope: ([{ servers }]) => clusterScope(subjectOf(servers)),
      severity: 'critical',
      title: 'Cluster DNS has no endpoints',
      story: 'No CoreDNS pod is ready{reason}: no node resolves cluster names{caches}.',
      confirm: [
        'kubectl -n {namespace} get svc,endpointslice; kubectl -n {namespace} get pod -l {selector} -o wide',
        'kubectl -n {namespace} logs -l {selector} --previous --tail=20',
      ],
      values: (told) => {
        const reason = reasonOf(told)
        return {
          reason: reason === null ? '' : ` (${reason})`,
          caches: told.cases[0].hasCaches ? ', node-local caches run dry within 30 s' : '',
          ...dnsPods(told.fleet),
        }
      },
    }),
  ],
  covers: [
    {
      faults: ['service-rules-broken-on-node', 'coredns-not-synced', 'coredns-endpoint-failing', 'coredns-not-spread'],
      on: 'anywhere',
    },
  ],
}

function subjectOf(servers: readonly Target[]): ReturnType<typeof clusterScope>['subject'] {
  const server = servers.find(({ role }) => role === 'cluster-dns') ?? servers[0]
  return server === undefined ? null : { role: server.role, address: server.address, pod: null, node: null }
}
