import { dead } from '../cell-truth.ts'
import { hasNoEndpoints } from '../endpoints.ts'
import type { Fault } from '../fault.ts'
import { type DeadCache, nodeLocalCases } from '../node-local-cases.ts'
import { nodeRule, type Told } from '../rule.ts'
import { local } from '../sight.ts'
import { reachesCoreDns } from '../ways.ts'

/** What an address gives that lives here but is not served. Another outcome is a filter's. */
const UNSERVED = ['refused', 'timeout', 'closed'] as const

/** Both rules of it: while CoreDNS is there, and while it is not. */
const told = {
  cases: nodeLocalCases,
  supportedBy: {
    'pods get no answer from it either': ({ pod }: DeadCache) => dead(pod),
  },
  sameness: ({ target, host }: DeadCache) => `${target.address} ${dead(host, ['refused'])}`,
  severity: 'critical' as const,
  title: 'Node-local DNS {address} does not run on {nodes}',
  confirm: [
    'kubectl -n kube-system get pod -l k8s-app=node-local-dns -o wide --field-selector spec.nodeName={node}',
    'kubectl -n kube-system describe pod -l k8s-app=node-local-dns',
    "on {node}: ss -lunp 'sport = :53'",
  ],
  values: ({ cases: [{ target, host }] }: Told<DeadCache>) => ({
    address: target.address,
    how: dead(host, ['refused']) === 'yes' ? `nothing listens on ${target.address}` : 'it hangs',
  }),
}

/** D-02. */
export const nodeLocalDnsNotRunning: Fault = {
  name: 'node-local-dns-not-running',
  tier: 1,
  about:
    'The node-local DNS cache of a node answers neither host nor pods, though its address is there: nothing listens on it, or it hangs.',
  cause:
    'Where nothing listens, its process is gone (out of memory, a crash at its start, port 53 taken by another program), or a taint keeps its pod off the node; where it hangs, it has more queries than memory or max_concurrent allow. The address stays on the node meanwhile, so that pods go on asking it.',
  remedy:
    'Look at the pod of node-local DNS there: give it more memory (about 30 MB for each full cache and server block) or a lower max_concurrent, free port 53 of other programs, let it tolerate the taints of the node. If its log says Loop, it asks itself as upstream.',
  references: [
    'https://github.com/kubernetes/dns/issues/438',
    'https://github.com/kubernetes/dns/issues/621',
    'https://github.com/kubesphere/kubekey/issues/3246',
    'https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/',
  ],
  notTakenFor: {
    'pods-cannot-reach-node-local-dns': 'there the host gets an answer',
    'node-local-dns-address-missing': 'there no interface of the node owns the address',
  },
  rules: [
    nodeRule<DeadCache>({
      ...told,
      signature: {
        'the host gets no answer from node-local DNS': ({ host }) => dead(host, UNSERVED),
        'the address lives on this node': ({ target }, sight) => local(sight, target.address),
        'a CoreDNS pod answers this node directly': ({ since }, sight) => reachesCoreDns(sight, since),
      },
      story: 'Node-local DNS on {nodes} answers neither host nor pods: {how}; CoreDNS itself answers.',
    }),
    nodeRule<DeadCache>({
      ...told,
      signature: {
        'the host is refused by node-local DNS: nothing listens': ({ host }) => dead(host, ['refused']),
        'the address lives on this node': ({ target }, sight) => local(sight, target.address),
        'there is no CoreDNS pod that could answer': (_, { fleet }) => hasNoEndpoints(fleet),
      },
      story: 'Node-local DNS on {nodes} answers neither host nor pods: {how}; no CoreDNS pod is ready either.',
    }),
  ],
  covers: [{ faults: ['pods-have-wrong-nameserver', 'resolv-conf-over-limits'], on: 'same-nodes' }],
}
