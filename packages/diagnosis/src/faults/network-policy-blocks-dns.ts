import { REFUSED, type Role } from '@oddnode/protocol'
import type { Cell } from '../cell.ts'
import { dead, failingSince, medianSeconds, ok, someOk, wrong } from '../cell-truth.ts'
import type { Fault } from '../fault.ts'
import { inCiliumPod } from '../in-cilium-pod.ts'
import { nodeFails } from '../node-fails.ts'
import { type Case, nodeRule } from '../rule.ts'
import { allCells, cellsOf, type Sight } from '../sight.ts'
import type { Thresholds } from '../thresholds.ts'
import { any, type Truth, truth } from '../truth.ts'
import { reachesCoreDns } from '../ways.ts'

type PodsBarred = Case & { host: readonly Cell[]; upstream: readonly Cell[] }

const clusterRoles: readonly Role[] = ['node-local', 'cluster-dns', 'cluster-dns-upstream', 'endpoint']
const cellsOfRoles = (sight: Sight, vantage: 'host' | 'pod'): Cell[] =>
  clusterRoles.flatMap((role) => cellsOf(sight, { vantage, role }))

/** A proxy on the node answers faster than any server behind a network: within a fifth of what counts as slow, 2 ms by default. */
const PROXY_SHARE = 0.2
const MINUTE = 60

/** The pods of a node on which something fails, and the host beside them. */
function podsBarred(sight: Sight): PodsBarred[] {
  if (!nodeFails(sight)) return []
  const evidence = cellsOfRoles(sight, 'pod')
  if (evidence.length === 0) return []
  return [
    {
      since: failingSince(evidence),
      evidence,
      explains: allCells(sight, 'pod').filter(({ target }) => target.role !== 'api-server'),
      host: cellsOfRoles(sight, 'host'),
      upstream: cellsOf(sight, { vantage: 'pod', role: 'upstream' }),
    },
  ]
}

/** Other ports of the CoreDNS pods: without them a cut between nodes looks the same where no server is on the node. */
const reach = (sight: Sight): Cell[] => cellsOf(sight, { vantage: 'pod', role: 'endpoint', question: 'reach' })
const api = (sight: Sight): Cell[] => cellsOf(sight, { vantage: 'pod', role: 'api-server' })

/** By CoreDNS at least: the way to it by node-local DNS or a ClusterIP may have a fault of its own. */
const hostIsAnswered = ({ host, since }: PodsBarred, sight: Sight): Truth =>
  any(ok(host, since), reachesCoreDns(sight, since, ['host']))

/** The upstream went with the others: that pods may not ask it is often meant so. */
const isCutFromAll = ({ upstream, since }: PodsBarred): boolean =>
  dead(upstream) === 'yes' && failingSince(upstream) >= since - MINUTE

const isFast = (cells: readonly Cell[], { slowSeconds }: Thresholds): Truth => {
  const median = medianSeconds(cells)
  return median === null ? 'no-data' : truth(median < PROXY_SHARE * slowSeconds)
}

const title = 'Pods like our agent may not ask DNS on {nodes}'
const confirm = [
  'kubectl get networkpolicies -A; kubectl get ciliumnetworkpolicies,ciliumclusterwidenetworkpolicies -A',
  inCiliumPod('hubble observe --verdict DROPPED --port 53 --last 20'),
]

/** D-28. */
export const networkPolicyBlocksDns: Fault = {
  name: 'network-policy-blocks-dns',
  tier: 2,
  about:
    'A network policy, or the DNS proxy that enforces one, keeps pods from asking DNS while their other traffic passes. It is known of pods with the labels of our agent; others may have other policies.',
  cause:
    'A network policy that selects pods like the agent allows them no port 53, or not to all DNS servers: node-local DNS counts as the host, and needs an ipBlock. Where port 53 is cut off to every address, a DNS proxy of the CNI that died looks the same.',
  remedy:
    "Allow 53/UDP and 53/TCP from pods to node-local DNS (an ipBlock: it is the host's), to the ClusterIP and to the CoreDNS pods. If port 53 is cut off to every address, the DNS proxy itself may be dead: restart the CNI agent.",
  references: [
    'https://github.com/XenitAB/terraform-modules/issues/608',
    'https://github.com/cilium/cilium/issues/42528',
    'https://github.com/projectcalico/calico/issues/3795',
    'https://github.com/kubernetes/kubernetes/issues/98758',
  ],
  notTakenFor: {
    'pods-cannot-reach-node-local-dns': 'there the ClusterIP answers pods',
    'pods-have-no-network': 'there pods reach no other port either',
    'node-cut-off-from-pod-network': 'there other ports of the CoreDNS pods are not reached either',
    'dns-server-refuses-queries': 'there the host is refused, too',
  },
  rules: [
    nodeRule<PodsBarred>({
      cases: podsBarred,
      signature: {
        'pods get no answer from any server of the cluster': ({ evidence }) => dead(evidence),
        'the host is answered by them': hostIsAnswered,
        'pods reach other ports': ({ since }, sight) => any(someOk(reach(sight), since), someOk(api(sight), since)),
      },
      supportedBy: {
        'other ports of the CoreDNS pods among them': ({ since }, sight) => someOk(reach(sight), since),
      },
      severity: 'critical',
      title,
      story:
        'On {nodes} pods like our agent may not ask DNS: port 53 is dropped{anywhere}; the host may, and other ports work.',
      confirm,
      values: ({ cases }) => ({
        // Pods ask an upstream once a minute: nodes come to know it one by one.
        anywhere: cases.every(isCutFromAll) ? ' to any address, by a policy or a DNS proxy that is dead' : '',
      }),
    }),
    nodeRule<PodsBarred>({
      cases: podsBarred,
      signature: {
        'pods are answered REFUSED by every server of the cluster': ({ evidence }) => wrong(evidence, REFUSED),
        'the host is answered by them': hostIsAnswered,
        'it comes too fast to be from them': ({ evidence }, { fleet }) => isFast(evidence, fleet.thresholds),
      },
      severity: 'critical',
      title,
      story:
        'On {nodes} pods like our agent may not ask DNS: port 53 is answered REFUSED by a proxy; the host may, and other ports work.',
      cause:
        'A policy about names (layer 7) sends pods to a DNS proxy of the CNI, which answers REFUSED by itself for what the policy does not name.',
      confirm,
    }),
  ],
  covers: [
    {
      faults: ['dns-server-refuses-queries', 'pods-have-wrong-nameserver', 'ntp-servers-unreachable'],
      on: 'same-pods',
    },
  ],
}
