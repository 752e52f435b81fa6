import type { Target } from '@oddnode/protocol'
import { type Asker, agentAlone, askersOf, cellsToward, failsForHalf, nearlyAll } from '../askers.ts'
import { isAnsweredElsewhere } from '../beside.ts'
import type { Cell } from '../cell.ts'
import { dead, failingSince, ok, someOk } from '../cell-truth.ts'
import { endpointsByPlace, hostedOn } from '../endpoints.ts'
import type { Fault, View } from '../fault.ts'
import { agentKey, type Fleet } from '../fleet.ts'
import { nodeFails } from '../node-fails.ts'
import { columnOf, endpointOf } from '../peers.ts'
import { type Case, nodeRule, type TargetSight, targetRule } from '../rule.ts'
import { nodesScope } from '../scope.ts'
import { serviceFallout } from '../service-fallout.ts'
import { cellsOf, type Sight, sightOf } from '../sight.ts'
import { all, any, not, type Truth } from '../truth.ts'
import { allCellsTo, behindNodeLocal, clusterIps } from '../ways.ts'
import { listWords } from '../words.ts'

type CutOff = Case & {
  remote: readonly Target[]
  local: readonly Target[]
  /** Pods of a third node reach them. */
  third: Truth
}

const podCells = (sight: Sight, targets: readonly Target[]): Cell[] =>
  targets.flatMap(({ address }) => cellsOf(sight, { vantage: 'pod', role: 'endpoint', address }))

/** A node whose pods reach no CoreDNS pod of another node. */
function cutOff(sight: Sight): CutOff[] {
  if (!nodeFails(sight)) return []
  const { local, remote } = endpointsByPlace(sight)
  const evidence = podCells(sight, remote)
  if (evidence.length === 0) return []
  const hosted = new Set(hostedOn(sight.fleet, sight.node.name))
  const explains = [
    ...allCellsTo(sight, [...remote, ...clusterIps(sight)]),
    ...behindNodeLocal(sight),
    ...(dead(evidence) === 'no' ? [] : falloutOf(sight, hosted)),
  ]
  const since = failingSince(evidence)
  const third = dead(evidence) === 'no' ? 'no-data' : thirdReaches(sight, evidence, since)
  return [{ since, evidence, explains, remote, local, third }]
}

/** What others lose because CoreDNS pods of this node are beyond their reach. */
function falloutOf(view: View, hosted: ReadonlySet<string>): Cell[] {
  if (hosted.size === 0) return []
  return [
    ...cellsToward(view, ({ role, address }) => role === 'endpoint' && hosted.has(address)),
    ...serviceFallout(view),
  ]
}

/** Pods of a third node reach them: so neither the CoreDNS pods nor their nodes are the ones cut off. */
const thirdReaches = ({ fleet }: View, evidence: readonly Cell[], since: number): Truth =>
  any(...evidence.map((cell) => isReachedByOthers(fleet, cell, since)))

/** Of a CoreDNS pod: pods of a node do that is neither its own nor this one. */
function isReachedByOthers(fleet: Fleet, cell: Cell, since: number): Truth {
  const host = endpointOf(fleet, cell.target)?.node ?? cell.node
  const third = [...fleet.nodes.keys()].some((node) => node !== cell.node && node !== host)
  if (!third) return 'no-data'
  if (isAnsweredElsewhere(fleet, cell, since, [cell.node, host])) return 'yes'
  // Others that do not fail may not have asked since.
  const { ok = 0, degraded = 0 } = columnOf(fleet, cell) ?? {}
  return ok + degraded > (isAnsweredOn(fleet, host, cell.target, since) === 'no-data' ? 0 : 1) ? 'wait' : 'no'
}

/** The CoreDNS pod answers pods of its own node. */
function isAnsweredOn(fleet: Fleet, node: string, { address }: Target, since: number): Truth {
  const agent = fleet.agents.get(agentKey(node, 'pod'))
  if (agent === undefined) return 'no-data'
  return someOk(cellsOf(agentAlone(agent), { vantage: 'pod', role: 'endpoint', address }), since)
}

/** Or none reaches a CoreDNS pod but on its own node, and these are several: then all nodes are cut off from each other. */
function thirdReachesOrNone({ third, remote, local, since }: CutOff, sight: Sight): Truth {
  if (third !== 'no') return third
  const { fleet } = sight
  const hosts = [...remote, ...local].map((target) => endpointOf(fleet, target)?.node ?? null)
  if (new Set(hosts).size < 2) return 'no'
  return all(
    not(any(...podCells(sight, local).map((cell) => isReachedByOthers(fleet, cell, since)))),
    ...remote.map((target, i) => isAnsweredOn(fleet, hosts[i] ?? '', target, since)),
  )
}

const remoteReach = (sight: Sight, remote: readonly Target[]): Cell[] =>
  remote.flatMap(({ address }) => cellsOf(sight, { vantage: 'pod', role: 'endpoint', address, question: 'reach' }))

/** The pod network works as far as the node: its cache, its own CoreDNS pod, or the API server by way of the host. */
function reachesSomething({ local, since }: CutOff, sight: Sight): Truth {
  return any(
    someOk(cellsOf(sight, { vantage: 'pod', role: 'node-local' }), since),
    someOk(cellsOf(sight, { vantage: 'pod', role: 'api-server' }), since),
    someOk(podCells(sight, local), since),
  )
}

/** What it answers matters not: it asks CoreDNS by way of the host. */
function reachesNodeLocal(sight: Sight): Truth {
  const cells = cellsOf(sight, { vantage: 'pod', role: 'node-local' })
  return cells.length === 0 ? 'yes' : not(dead(cells))
}

type Unreached = Case & { target: Target; node: string; outside: readonly Asker[]; inside: readonly Asker[] }

/** A CoreDNS pod that pods of other nodes do not reach, of a node whose own pods tell nothing: they cannot be heard, or ask nobody else. */
function unreached(sight: TargetSight): Unreached[] {
  const { target, fleet, at } = sight
  if (target.role !== 'endpoint' || !failsForHalf(sight, target)) return []
  const node = endpointOf(fleet, target)?.node ?? null
  if (node === null || hostedOn(fleet, node)[0] !== target.address) return []
  const known = fleet.nodes.get(node)
  if (known === undefined) return []
  const own = sightOf(fleet, known, at)
  if (podCells(own, endpointsByPlace(own).remote).length > 0) return []
  const askers = askersOf(sight, target)
  const outside = askers.filter((asker) => asker.vantage === 'pod' && asker.node !== node)
  const evidence = outside.flatMap(({ cells }) => cells)
  const explains = falloutOf(sight, new Set(hostedOn(fleet, node)))
  const inside = askers.filter((asker) => asker.node === node)
  return [{ since: failingSince(evidence), evidence, explains, target, node, outside, inside }]
}

const isPodSilent = ({ node }: Unreached, { fleet, at }: View): boolean => {
  const known = fleet.nodes.get(node)
  return known !== undefined && fleet.agents.has(agentKey(node, 'pod')) && sightOf(fleet, known, at).agents.pod === null
}

const title = '{Nodes} {are} cut off from the pod network'
const story = 'Pods on {nodes} cannot reach pods on other nodes; DNS works there {works}.'
const confirm = ['in a pod on {node}: nc -zvw2 {endpoint} 8181', 'on {node}: ip route; tcpdump -ni any udp port 8472']
const BY_LOCAL = 'only by the CoreDNS pod on the same node'

function worksWords(cases: readonly CutOff[]): string {
  if (cases.every(({ local }) => local.length > 0)) return BY_LOCAL
  return cases.some(({ local }) => local.length > 0) ? 'only where a CoreDNS pod is on the same node' : 'never'
}

/** D-16. */
export const nodeCutOffFromPodNetwork: Fault = {
  name: 'node-cut-off-from-pod-network',
  tier: 1,
  about:
    'Packets between pods of one node and pods of all others are lost: the tunnel, the pod routes or a filter between nodes. The node itself is reached.',
  cause:
    'Something between the nodes lets packets of the nodes themselves pass, and those of pods not: the port of the tunnel is closed, routes to the pods of the node are missing, the cloud drops addresses that it does not know (source/destination check), or checksum offload spoils the tunnel.',
  remedy:
    "Open the tunnel's port between nodes (8472, 4789, 6081 or 51871 over UDP); look at the pod routes, the source/destination check of the cloud, and checksum offload of the tunnel.",
  references: [
    'https://github.com/canonical/k8s-snap/issues/1441',
    'https://github.com/coredns/coredns/issues/2809',
    'https://github.com/projectcalico/calico/issues/4325',
    'https://github.com/k3s-io/k3s/issues/2013',
  ],
  notTakenFor: {
    'coredns-endpoint-failing': "there the pod's own node gets no answer either",
    'service-rules-broken-on-node': 'there the CoreDNS pods answer',
    'neighbour-table-full': 'there it is now one server, now another',
    'pods-have-no-network': 'there pods reach nothing at all',
    'network-policy-blocks-dns': 'there other ports of the CoreDNS pods are reached',
  },
  rules: [
    nodeRule<CutOff>({
      cases: cutOff,
      signature: {
        'pods get no answer from any CoreDNS pod of another node': ({ evidence }) => dead(evidence),
      },
      supportedBy: {
        'pods of a third node do, or those of its own node alone': thirdReachesOrNone,
        'no other port of theirs is reached either': ({ remote }, sight) => dead(remoteReach(sight, remote)),
        'pods reach something on their own node, or beyond the pod network': reachesSomething,
        'node-local DNS, which is on the node, is reached, if there is one': (_, sight) => reachesNodeLocal(sight),
        'the CoreDNS pod of the same node answers, if there is one': ({ local, since }, sight) =>
          local.length === 0 ? 'yes' : someOk(podCells(sight, local), since),
      },
      isLikely: ({ third }) => third === 'no',
      sameness: ({ local, third }) => (third === 'no' ? 'all' : String(local.length > 0)),
      severity: 'critical',
      title,
      story,
      confirm,
      values: ({ cases, nodes, scope }) => ({
        Nodes: scope.kind === 'cluster' ? 'Every node' : listWords(nodes),
        are: nodes.length === 1 || scope.kind === 'cluster' ? 'is' : 'are',
        works: worksWords(cases),
        endpoint: cases[0].remote[0]?.address ?? 'ENDPOINT',
      }),
    }),
    targetRule<Unreached>({
      cases: unreached,
      signature: {
        'pods of nearly all other nodes get no answer from its CoreDNS pod': ({ outside }) =>
          nearlyAll(outside.map(({ cells }) => dead(cells))),
        'its own node does': ({ inside, since }) => any(...inside.map(({ cells }) => ok(cells, since))),
      },
      isLikely: (one, sight) => !isPodSilent(one, sight),
      scope: ([{ node }], _, { fleet }) => nodesScope(fleet, [node]),
      severity: 'critical',
      title,
      story,
      confirm,
      values: ({ cases: [{ target, node }] }) => ({
        Nodes: node,
        node,
        are: 'is',
        works: BY_LOCAL,
        endpoint: target.address,
      }),
    }),
  ],
  covers: [
    { faults: ['coredns-endpoint-failing', 'tcp-53-blocked', 'udp-53-blocked'], on: 'hosted' },
    { faults: ['vantage-silent'], on: 'same-nodes' },
  ],
}
