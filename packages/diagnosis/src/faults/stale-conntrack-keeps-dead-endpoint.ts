import type { Cell } from '../cell.ts'
import { dead, failingSince, ok } from '../cell-truth.ts'
import type { Fault } from '../fault.ts'
import type { Fleet } from '../fleet.ts'
import { nodeFails } from '../node-fails.ts'
import { type Case, nodeRule } from '../rule.ts'
import { cellsOf, factsOf, type Sight, targetsOf } from '../sight.ts'
import { not, type Truth, truth } from '../truth.ts'

type Stale = Case & { address: string; fresh: readonly Cell[] }

const name = 'stale-conntrack-keeps-dead-endpoint'
/** kube-proxy and its watch have caught up with a change of endpoints by then. */
const CHANGE_SECONDS = 60

function kept(sight: Sight): Stale[] {
  if (!nodeFails(sight)) return []
  return targetsOf(sight, 'cluster-dns').flatMap(({ role, address }) => {
    const which = { vantage: 'pod', role, address, transport: 'udp' } as const
    const evidence = cellsOf(sight, { ...which, sourcePort: 'fixed' })
    return evidence.length === 0
      ? []
      : [{ since: failingSince(evidence), evidence, address, fresh: cellsOf(sight, which) }]
  })
}

/** Later changes of the endpoints do not take back what was found. */
function beganWithChange({ since }: Stale, { fleet, node }: Sight): Truth {
  const changedAt = fleet.cluster?.dns.endpointsChangedAt ?? null
  if (changedAt === null) return 'no-data'
  return truth(Math.abs(since - changedAt) <= CHANGE_SECONDS || isOpenOn(fleet, node.name))
}

const isOpenOn = ({ findings }: Fleet, node: string): boolean =>
  [...findings.values()].some(
    ({ fault, scope, ended }) =>
      fault === name && ended === null && (scope.kind === 'cluster' || scope.nodes.includes(node)),
  )

/** D-07. */
export const staleConntrackKeepsDeadEndpoint: Fault = {
  name,
  tier: 2,
  about:
    'The connection table of a node keeps sending an old UDP flow to a CoreDNS pod that is gone: programs that keep their source port, and so never let the entry expire, get no answer. New sockets work.',
  cause:
    'kube-proxy did not clear the entry of the flow when the pod went (older ones do not always), and each query from the kept port keeps it alive.',
  remedy:
    'On {nodes} delete the entries: conntrack -D -p udp --orig-dst {address}. A newer kube-proxy does so by itself.',
  references: [
    'https://github.com/kubernetes/kubernetes/issues/125467',
    'https://github.com/kubernetes/kubernetes/issues/48370',
    'https://github.com/kubernetes/kubernetes/issues/19029',
  ],
  notTakenFor: {
    'service-rules-broken-on-node': 'there a fresh source port gets no answer either',
    'coredns-endpoint-failing': 'there fresh source ports lose queries, too',
  },
  rules: [
    nodeRule<Stale>({
      cases: kept,
      signature: {
        'a kept source port gets no answer from the ClusterIP': ({ evidence }) => dead(evidence),
        'fresh ones do': ({ fresh, since }) => ok(fresh, since),
      },
      supportedBy: {
        'it began within a minute of a change of the endpoints': beganWithChange,
        'the node does not use IPVS': (_, sight) => {
          const ipvs = factsOf(sight, 'host')?.network?.ipvs
          return ipvs === undefined ? 'no-data' : not(truth(ipvs))
        },
      },
      sameness: ({ address }) => address,
      severity: 'warning',
      title: 'Kept UDP ports on {nodes} still ask a CoreDNS pod that is gone',
      story: 'On {nodes} programs that keep their UDP port still ask a CoreDNS pod that is gone; new sockets work.',
      confirm: ['on {node}: conntrack -L -p udp --orig-dst {address} | grep UNREPLIED'],
      values: ({ cases: [{ address }] }) => ({ address }),
    }),
  ],
  covers: [],
}
