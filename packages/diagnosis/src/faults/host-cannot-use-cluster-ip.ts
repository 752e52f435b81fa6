import { okAllAlong } from '../all-along.ts'
import type { Cell } from '../cell.ts'
import { dead, failing, medianSeconds, ok, sinceOf, stateOf } from '../cell-truth.ts'
import { dnsServer } from '../confirm.ts'
import type { Fault } from '../fault.ts'
import { losesAbout } from '../loss-near.ts'
import { endpointOf } from '../peers.ts'
import { nodeRule } from '../rule.ts'
import { hasNodeLocal, lateServiceCases, type ServiceCase } from '../service-cases.ts'
import { cellsOf, type Sight, targetsOf } from '../sight.ts'
import { all, any, not, type Truth, truth } from '../truth.ts'
import { reachesCoreDns } from '../ways.ts'
import { listWords } from '../words.ts'

type HostOnly = ServiceCase & { nodeLocal: boolean }

/** A SYN or a query that was sent again after it was lost takes so long at least. */
const SLOW_SECONDS = 1

const isSlow = (cells: readonly Cell[]): Truth => {
  const median = medianSeconds(cells)
  return median === null ? 'no-data' : truth(median > SLOW_SECONDS)
}

/** What of a ClusterIP's probes from the host fails or is slow. */
function hostCases(sight: Sight): HostOnly[] {
  const nodeLocal = hasNodeLocal(sight)
  return lateServiceCases(sight).flatMap((one) => {
    const evidence = one.host.filter((cell) => stateOf(cell) === 'failing' || isSlow([cell]) === 'yes')
    const since = evidence.reduce((first, cell) => Math.min(first, sinceOf(cell)), Infinity)
    return evidence.length === 0 ? [] : [{ ...one, evidence, since, nodeLocal }]
  })
}

/** As many are lost as there are CoreDNS pods on other nodes, if the ClusterIP leads to each alike. */
function losesWhatIsRemote({ host, evidence }: HostOnly, sight: Sight): Truth {
  const pods = targetsOf(sight, 'endpoint').flatMap((target) => endpointOf(sight.fleet, target) ?? [])
  if (pods.length === 0 || isSlow(evidence) === 'yes') return 'no-data'
  return losesAbout(host, pods.filter(({ node }) => node !== sight.node.name).length / pods.length)
}

/** D-17b. */
export const hostCannotUseClusterIp: Fault = {
  name: 'host-cannot-use-cluster-ip',
  tier: 2,
  about:
    'Host processes of a node get no answer, or only after a second, through a ClusterIP that leads to a pod of another node; pods do. Known of tunnels whose packets from the host carry a wrong checksum.',
  cause:
    "The host's own packets go into the tunnel (VXLAN) with a checksum that is left to the card and comes out wrong, so that the other node drops them; older kernels are known for it. Else they leave with an address to which no answer finds back (masquerading, rp_filter).",
  remedy:
    'Turn off checksum offload of the tunnel (ethtool -K flannel.1 tx-checksum-ip-generic off) or use a kernel with the fix; else look at masquerading and rp_filter.',
  references: [
    'https://github.com/kubernetes/kubernetes/issues/90084',
    'https://github.com/kubernetes/kubernetes/issues/89622',
    'https://github.com/flannel-io/flannel/issues/1279',
  ],
  notTakenFor: {
    'host-has-no-route-to-cluster-ip': 'there the host is told at once that the network is unreachable',
    'service-rules-broken-on-node': 'there pods get no answer either',
  },
  rules: [
    nodeRule<HostOnly>({
      cases: hostCases,
      signature: {
        'the ClusterIP fails from the host, or takes more than a second': ({ host, evidence }) =>
          any(failing(host), isSlow(evidence)),
        'not because the network is unreachable': ({ host }) => not(dead(host, ['unreachable'])),
        'pods are answered by it, and were all the time': ({ pod, since }) =>
          all(ok(pod, since), okAllAlong(pod, since)),
        'the host reaches a CoreDNS pod directly': ({ since }, sight) => reachesCoreDns(sight, since, ['host']),
        'and every other one': (_, sight) =>
          not(
            any(
              ...targetsOf(sight, 'endpoint').map(({ address }) =>
                failing(cellsOf(sight, { vantage: 'host', role: 'endpoint', address })),
              ),
            ),
          ),
      },
      supportedBy: {
        'it loses as many queries as lead to other nodes': losesWhatIsRemote,
      },
      severity: ({ cases }) => (cases.some(({ nodeLocal }) => nodeLocal) ? 'critical' : 'warning'),
      title: 'Host processes on {nodes} cannot use {addresses}',
      story:
        "On {nodes} host processes{nodeLocal} get {what} through {addresses} from other nodes' CoreDNS pods; pods do.",
      confirm: [
        'on {node}: dig +time=2 +tries=1 @{dnsServer} kubernetes.default.svc.{domain}.; dig +time=2 +tries=1 @{endpoint} kubernetes.default.svc.{domain}.',
        'on {node}: ethtool -k flannel.1 | grep tx-checksum-ip-generic',
      ],
      values: ({ cases, fleet }) => {
        const [{ target, nodeLocal }] = cases
        return {
          dnsServer: dnsServer(target),
          addresses: listWords([...new Set(cases.map((one) => one.target.address))].sort()),
          nodeLocal: nodeLocal ? ', node-local DNS among them,' : '',
          what: cases.some(({ host }) => failing(host) === 'yes') ? 'no answer' : 'late answers',
          endpoint: dnsServer(fleet.cluster?.dns.endpoints?.[0] ?? { address: 'ENDPOINT' }),
        }
      },
    }),
  ],
  covers: [{ faults: ['node-dns-slow'], on: 'same-nodes' }],
}
