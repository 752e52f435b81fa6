import { dead, ok } from '../cell-truth.ts'
import type { Fault } from '../fault.ts'
import { ownedByNodeLocal } from '../owned-by-node-local.ts'
import { nodeRule } from '../rule.ts'
import { type ServiceCase, serviceCases } from '../service-cases.ts'
import type { Sight } from '../sight.ts'
import { all, type Truth } from '../truth.ts'
import { reachesCoreDns, waysTo } from '../ways.ts'

const okAll = (sight: Sight, role: 'cluster-dns-upstream' | 'api-server', since: number): Truth => {
  const ways = waysTo(sight, role)
  return ways.length === 0 ? 'no-data' : all(...ways.map(({ cells }) => ok(cells, since)))
}

/** D-04. */
export const leftoverNotrackRules: Fault = {
  name: 'leftover-notrack-rules',
  tier: 2,
  about:
    'Node-local DNS owned a ClusterIP on the node and is gone without removing its rules: they keep packets to that address from being tracked, and so from being translated.',
  cause:
    'Node-local DNS removes its rules at an orderly exit only: it was killed, as for want of memory, and its address went without them. Broken rules of this one Service look the same; the raw table decides.',
  remedy:
    'Restart node-local DNS on {nodes}, so that it owns the address again or removes its rules; else delete them from the raw table.',
  references: [
    'https://github.com/kubernetes/dns/issues/453',
    'https://github.com/kubernetes/dns/issues/438',
    'https://github.com/kubernetes/dns/issues/568',
    'https://github.com/kubernetes/enhancements/blob/master/keps/sig-network/1024-nodelocal-cache-dns/README.md',
  ],
  notTakenFor: {
    'service-rules-broken-on-node': 'rules of this one Service that are broken look the same: the raw table decides',
    'node-local-dns-not-running': 'there the address is still on the node, and nobody serves it',
  },
  rules: [
    nodeRule<ServiceCase>({
      cases: (sight) => serviceCases(sight).filter(({ target }) => target.role === 'cluster-dns'),
      signature: {
        'the ClusterIP leads nowhere, from the host and from pods': ({ host, pod }) =>
          all(dead(host, ['timeout', 'unreachable']), dead(pod, ['timeout', 'unreachable'])),
        'node-local DNS owns it, or did': ({ target }, sight) => ownedByNodeLocal(sight, target.address),
        'the second ClusterIP of cluster DNS answers': ({ since }, sight) =>
          okAll(sight, 'cluster-dns-upstream', since),
        'a CoreDNS pod answers this node directly': ({ since }, sight) => reachesCoreDns(sight, since),
      },
      supportedBy: {
        'the ClusterIP of the API server answers': ({ since }, sight) => okAll(sight, 'api-server', since),
      },
      isLikely: () => true,
      sameness: ({ target }) => target.address,
      severity: 'critical',
      title: 'Leftover notrack rules keep {nodes} from {address}',
      story:
        'On {nodes} rules that node-local DNS left behind keep queries to {address} from being translated: it leads nowhere there; broken rules of this one Service look the same.',
      confirm: ['on {node}: iptables-save -t raw | grep -i nodelocal'],
      values: ({ cases: [{ target }] }) => ({ address: target.address }),
    }),
  ],
  covers: [{ faults: ['service-rules-broken-on-node'], on: 'same-nodes' }],
}
