import type { Target, Transport } from '@oddnode/protocol'
import type { Cell } from '../cell.ts'
import { dead, failingSince, ok } from '../cell-truth.ts'
import { dnsServer } from '../confirm.ts'
import type { Fault } from '../fault.ts'
import { inCiliumPod } from '../in-cilium-pod.ts'
import { type Case, nodeRule } from '../rule.ts'
import { allCells, cellsOf, local, type Sight, targetsOf } from '../sight.ts'
import { any, type Truth } from '../truth.ts'
import { listWords, transportWords } from '../words.ts'

type Cut = Case & {
  target: Target
  transports: Transport[]
  host: Cell[]
  otherWays: { address: string; cells: Cell[] }[]
}

/** Each node-local cache, with the transports over which pods are cut off. */
function cuts(sight: Sight): Cut[] {
  return targetsOf(sight, 'node-local').flatMap((target) => {
    const { address } = target
    const cut = (['udp', 'tcp'] as const).flatMap((transport) => {
      const pod = cellsOf(sight, { vantage: 'pod', role: 'node-local', address, transport })
      const isCut = dead(pod)
      return isCut === 'yes' || isCut === 'wait' ? [{ transport, pod }] : []
    })
    if (cut.length === 0) return []
    const evidence = cut.flatMap(({ pod }) => pod)
    const transports = cut.map(({ transport }) => transport)
    const host = transports.flatMap((transport) =>
      cellsOf(sight, { vantage: 'host', role: 'node-local', address, transport }),
    )
    const explains = [
      ...allCells(sight, 'pod', target),
      ...allCells(sight, 'pod').filter((cell) => cell.target.role === 'resolv-conf'),
    ]
    return [
      { since: failingSince(evidence), evidence, explains, target, transports, host, otherWays: otherWays(sight) },
    ]
  })
}

/** The other ways of pods to CoreDNS. One that lives on this node is the same process as the cache. */
function otherWays(sight: Sight): Cut['otherWays'] {
  return (['cluster-dns', 'cluster-dns-upstream', 'endpoint'] as const)
    .flatMap((role) => targetsOf(sight, role))
    .filter(({ address }) => local(sight, address) !== 'yes')
    .map(({ role, address }) => ({ address, cells: cellsOf(sight, { vantage: 'pod', role, address }) }))
}

/** What programs would use is the ClusterIP: where it is asked, its answer is waited for. */
function reachesCoreDns(ways: Cut['otherWays'], since: number): Truth {
  const services = ways.filter(({ cells }) => cells[0]?.target.role === 'cluster-dns')
  const byService = any(...services.map(({ cells }) => ok(cells, since)))
  return byService === 'yes' || byService === 'wait' ? byService : any(...ways.map(({ cells }) => ok(cells, since)))
}

const answering = ({ otherWays, since }: Cut) => otherWays.filter(({ cells }) => ok(cells, since) === 'yes')

/** D-01. */
export const podsCannotReachNodeLocalDns: Fault = {
  name: 'pods-cannot-reach-node-local-dns',
  tier: 1,
  about:
    'Pods of a node get no answer from the node-local DNS cache, their nameserver, while the host does. The DaemonSet stays Ready, because its health check runs on the host.',
  cause:
    'Where the nodes have a CNI version of their own, or all nodes show it: eBPF host routing (Cilium), by which packets of pods to an address of the host leave by the network card instead of going up to the host. Where it is one node among equals: its firewall, or a policy of the host. The DaemonSet stays Ready either way: its health check runs on the host.',
  remedy:
    'With Cilium: set bpf.hostLegacyRouting=true, or run node-local DNS in the pod network with a CiliumLocalRedirectPolicy. Else allow pods to {address}:53 over UDP and TCP in the firewall or policy of the host.',
  references: [
    'https://github.com/cilium/cilium/issues/36761',
    'https://github.com/cilium/cilium/issues/35153',
    'https://github.com/cilium/cilium/issues/16906',
    'https://github.com/kubernetes/kops/issues/16597',
    'https://github.com/projectcalico/calico/issues/3795',
    'https://docs.cilium.io/en/stable/network/kubernetes/local-redirect-policy/',
  ],
  notTakenFor: {
    'node-local-dns-not-running': 'there the host gets no answer either',
    'network-policy-blocks-dns': 'there the ClusterIP and the CoreDNS pods are cut off from pods too',
    'pods-have-no-network': 'there pods reach nothing at all',
  },
  rules: [
    nodeRule<Cut>({
      cases: cuts,
      signature: {
        'pods get no answer from node-local DNS over UDP, TCP or both': ({ evidence }) => dead(evidence),
        'the host does, over the same transports': ({ host, since }) => ok(host, since),
        'pods reach CoreDNS by its ClusterIP or directly': ({ otherWays, since }) => reachesCoreDns(otherWays, since),
      },
      supportedBy: {
        'the address lives on this node': ({ target }, sight) => local(sight, target.address),
      },
      sameness: ({ target }) => target.address,
      severity: 'critical',
      title: 'Pods cannot reach node-local DNS {address} on {nodes}',
      story: 'On {nodes} pods cannot reach node-local DNS {address} over {transports}; the host can, and {way}.',
      confirm: [
        'in a pod on {node}: dig +time=2 +tries=1 @{dnsServer} kubernetes.default.svc.{domain}.',
        inCiliumPod('hubble observe --to-ip {address} --last 20 # to-network is bad, to-stack is good'),
        inCiliumPod('cilium-dbg status --verbose | grep "Host Routing"'),
      ],
      values: ({ cases }) => {
        const [{ target }] = cases
        const ways = [...new Set(cases.flatMap((one) => answering(one).map(({ address }) => address)))]
        const clusterDns = cases.flatMap(answering).find(({ cells }) => cells[0]?.target.role === 'cluster-dns')
        return {
          address: target.address,
          dnsServer: dnsServer(target),
          transports: transportWords(cases.flatMap(({ transports }) => transports)),
          way:
            clusterDns !== undefined
              ? `the ClusterIP ${clusterDns.address} answers`
              : `CoreDNS at ${listWords(ways)} ${ways.length > 1 ? 'answer' : 'answers'}`,
        }
      },
    }),
  ],
  covers: [{ faults: ['network-policy-blocks-dns'], on: 'same-nodes' }],
}
