import type { Target, Vantage } from '@oddnode/protocol'
import { okElsewhere } from '../beside.ts'
import type { Cell } from '../cell.ts'
import { dead, failing, failingSince, someOk } from '../cell-truth.ts'
import { dnsServer } from '../confirm.ts'
import { endpointsByPlace } from '../endpoints.ts'
import type { Fault } from '../fault.ts'
import { nodeFails } from '../node-fails.ts'
import { type Case, nodeRule } from '../rule.ts'
import { allCells, cellsOf, type Sight } from '../sight.ts'
import { all } from '../truth.ts'
import { behindNodeLocal } from '../ways.ts'

/** From whom port 53 of what is beyond the node is closed: the host, or host and pods. */
type Blocked = Case & { reach: readonly Cell[]; hasPods: boolean; nodeLocal: readonly Cell[]; endpoint: Target }

const remoteCells = (sight: Sight, vantage: Vantage, question?: 'reach'): Cell[] =>
  endpointsByPlace(sight).remote.flatMap(({ address }) =>
    cellsOf(sight, { vantage, role: 'endpoint', address, ...(question && { question }) }),
  )

function blocked(sight: Sight): Blocked[] {
  if (!nodeFails(sight)) return []
  const host = remoteCells(sight, 'host')
  const pods = remoteCells(sight, 'pod')
  const hasPods = pods.length > 0 && dead(pods) !== 'no'
  const evidence = hasPods ? [...host, ...pods] : host
  const [first] = host
  if (first === undefined) return []
  const lost: Vantage[] = hasPods ? ['host', 'pod'] : ['host']
  const ofDns = lost.flatMap((vantage) => allCells(sight, vantage)).filter(({ target }) => target.role !== 'api-server')
  return [
    {
      since: failingSince(evidence),
      evidence,
      explains: [...ofDns, ...behindNodeLocal(sight)],
      reach: lost.flatMap((vantage) => remoteCells(sight, vantage, 'reach')),
      hasPods,
      nodeLocal: behindNodeLocal(sight),
      endpoint: first.target,
    },
  ]
}

const ofTransport = (cells: readonly Cell[], transport: 'udp' | 'tcp'): Cell[] =>
  cells.filter(({ planned }) => planned.transport === transport)

/** What `udp-53-blocked` and `tcp-53-blocked` are together, and is neither of them: no transport is left that works. */
export const dnsBlockedOnNode: Fault = {
  name: 'dns-blocked-on-node',
  tier: 2,
  about:
    'Nothing of a node gets through to port 53 elsewhere, over UDP or TCP, while other ports of the same servers are reached: a firewall or a security group of the node.',
  cause:
    'A rule for port 53, in the firewall of the node or in a security group around it: other ports of the same servers are reached, so that the network itself is sound. A UDP query that is denied at once was dropped by the node itself on its way out; one that times out may be lost anywhere on the way.',
  remedy:
    'Allow 53/UDP and 53/TCP from {nodes}, and the answers back, in the firewall of the node and in what the network puts around it.',
  references: [
    'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
    'https://repost.aws/knowledge-center/eks-dns-failure',
  ],
  notTakenFor: {
    'udp-53-blocked': 'there TCP works',
    'tcp-53-blocked': 'there UDP works',
    'network-policy-blocks-dns': 'there the host may ask',
    'node-cut-off-from-pod-network': 'there other ports of the CoreDNS pods are not reached either',
    'pods-have-no-network': 'there the host is answered',
  },
  rules: [
    nodeRule<Blocked>({
      cases: blocked,
      signature: {
        'the host gets no answer from any CoreDNS pod of another node, over UDP or TCP': ({ evidence }) =>
          all(dead(ofTransport(evidence, 'udp')), dead(ofTransport(evidence, 'tcp'))),
        'another port of theirs is reached': ({ reach, since }) => someOk(reach, since),
        'other nodes are answered by them': ({ evidence, since }, { fleet }) => okElsewhere(fleet, evidence, since),
      },
      sameness: ({ hasPods }) => String(hasPods),
      severity: 'critical',
      title: 'Port 53 of other nodes is closed to {who}{nodes}',
      story: 'From {who}{nodes} nothing gets to port 53 of other nodes, over UDP or TCP; other ports do{nodeLocal}.',
      confirm: [
        'on {node}: dig +time=2 +tries=1 @{dnsServer} kubernetes.default.svc.{domain}.; nc -zvw2 {endpoint} 8181',
        'on {node}: nft list ruleset | grep -w 53; iptables-save | grep -w 53',
      ],
      values: ({ cases }) => {
        const [{ hasPods, endpoint }] = cases
        const fails = cases.some(({ nodeLocal }) => failing(nodeLocal) === 'yes')
        return {
          who: hasPods ? '' : 'host processes on ',
          endpoint: endpoint.address,
          dnsServer: dnsServer(endpoint),
          nodeLocal: fails ? ': node-local DNS, which asks from the host, resolves no cluster name' : '',
        }
      },
    }),
  ],
  covers: [
    {
      faults: [
        'upstream-resolver-failing',
        'dns-packets-lost-on-node',
        'udp-53-blocked',
        'tcp-53-blocked',
        'host-cannot-use-cluster-ip',
        'service-rules-broken-on-node',
        'node-local-dns-not-running',
        'pods-cannot-reach-node-local-dns',
        'network-policy-blocks-dns',
      ],
      on: 'same-nodes',
    },
  ],
}
