import { isLoopback, type Target } from '@oddnode/protocol'
import type { Cell } from './cell.ts'
import { stateOf } from './cell-truth.ts'
import { externalCells, hostedEndpoints } from './external-names.ts'
import type { View } from './fault.ts'
import type { Fleet, FleetNode } from './fleet.ts'
import { isOwn, type OwnAddresses, ownAddresses } from './itself.ts'
import { nodesWhose, resolvConfOf } from './resolv-conf.ts'
import type { Case } from './rule.ts'
import { allCells, cellsOf, type Sight, sightOf, targetsOf } from './sight.ts'

/** Who takes its upstreams from the resolv.conf of a node. */
export type Server = 'Node-local DNS' | 'CoreDNS'

/** A server on a node, and the address in the node's resolv.conf that leads back to it. */
export type DnsLoop = Case & {
  server: Server
  address: string
  nodes: readonly string[]
  /** What this node asks it for names outside the cluster, and for those of the cluster. */
  external: Cell[]
  cluster: Cell[]
  /** Kubernetes says that it crashes there: the plugin `loop` stops what hears itself at its start. */
  crashes: boolean
}

/**
 * The loops that a node's resolv.conf makes. The host agent's is a copy of what kubelet gives CoreDNS and node-local DNS: all have
 * dnsPolicy Default.
 */
export function loopsOf(sight: Sight, own = ownAddresses(sight.fleet)): DnsLoop[] {
  const back = namedBack(sight, own)
  const [first] = back
  if (first === undefined) return []
  const hosted = hostedEndpoints(sight.fleet, sight.node.name)
  const toCache = back.find((address) => own.nodeLocal.has(address) && !isLoopback(address))
  const pods = targetsOf(sight, 'endpoint').filter(({ address }) => hosted.has(address))
  return [
    ...(toCache === undefined ? [] : [loopOf(sight, 'Node-local DNS', toCache, targetsOf(sight, 'node-local'))]),
    loopOf(sight, 'CoreDNS', first, pods),
  ]
}

/** Outside of a cluster a resolver of the machine's own is what its resolv.conf should name. */
function namedBack({ agents, fleet }: Sight, own: OwnAddresses): string[] {
  const conf = agents.host === null || fleet.cluster === null ? null : resolvConfOf(agents.host)
  return conf?.nameservers.filter((address) => isOwn(own, address)) ?? []
}

const components = { 'Node-local DNS': 'node-local-dns', CoreDNS: 'coredns' } as const

function loopOf(sight: Sight, server: Server, address: string, targets: readonly Target[]): DnsLoop {
  const { fleet, node, at } = sight
  const asked = targets.map(({ role, address }) => ({ role, address, question: 'kubernetes' as const }))
  return {
    since: at,
    evidence: [],
    server,
    address,
    nodes: [node.name],
    external: targets.flatMap((target) => externalCells(sight, target)),
    cluster: (['host', 'pod'] as const).flatMap((vantage) =>
      asked.flatMap((which) => cellsOf(sight, { ...which, vantage })),
    ),
    crashes:
      fleet.cluster?.troubles.some(
        (one) => one.component === components[server] && one.node === node.name && /crash/i.test(one.reason),
      ) ?? false,
  }
}

/** The loops of all nodes. Of a node on which several servers would go round, the one that its pods ask. */
export function allLoops({ fleet, at }: View): DnsLoop[] {
  const own = ownAddresses(fleet)
  const naming = nodesWhose(fleet, 'host', ({ nameservers }) => nameservers.some((address) => isOwn(own, address)))
  return naming.flatMap((name) => {
    const node = fleet.nodes.get(name)
    const loops = node === undefined ? [] : loopsOf(sightOf(fleet, node, at), own)
    return loops
      .filter(({ crashes }) => crashes)
      .slice(0, 1)
      .concat(loops)
      .slice(0, 1)
  })
}

const sortedNodes = ({ nodes }: Fleet): FleetNode[] => [...nodes.values()].sort((a, b) => (a.name < b.name ? -1 : 1))

/** Nodes whose rows show that nobody is left behind the ClusterIP. */
const SHOWN_NODES = 3

/** What fails because the server of a loop does not run. */
export function failingWithout({ server, nodes }: DnsLoop, { fleet, at }: View): Cell[] {
  const isAlone = server === 'Node-local DNS'
  const asking = isAlone
    ? nodes
    : sortedNodes(fleet)
        .map(({ name }) => name)
        .slice(0, SHOWN_NODES)
  const hosted = new Set(nodes.flatMap((node) => [...hostedEndpoints(fleet, node)]))
  const isMeant = ({ role, address }: Target) =>
    isAlone ? role === 'node-local' : role === 'cluster-dns' || role === 'cluster-dns-upstream' || hosted.has(address)
  return asking.flatMap((name) => {
    const node = fleet.nodes.get(name)
    if (node === undefined) return []
    const sight = sightOf(fleet, node, at)
    const cells = [...allCells(sight, 'host'), ...allCells(sight, 'pod')]
    return cells.filter((cell) => isMeant(cell.target) && stateOf(cell) === 'failing')
  })
}
