import { dead, ok } from '../cell-truth.ts'
import type { Fault } from '../fault.ts'
import { nodeRule } from '../rule.ts'
import { hasNodeLocal, type ServiceCase, serviceCases } from '../service-cases.ts'
import { allCells, factsOf, type Sight } from '../sight.ts'
import { not, type Truth, truth } from '../truth.ts'
import { behindNodeLocal, reachesCoreDns } from '../ways.ts'
import { listWords } from '../words.ts'

type NoRoute = ServiceCase & { nodeLocal: boolean }

/** Without a default route nothing outside is reached either, from the host or through it. */
function noRoutes(sight: Sight): NoRoute[] {
  const cases = serviceCases(sight).filter(({ host }) => dead(host, ['unreachable']) !== 'no')
  if (cases.length === 0) return []
  const beyond = (['host', 'pod'] as const)
    .flatMap((vantage) => allCells(sight, vantage))
    .filter((cell) => cell.target.role === 'upstream' || dead([cell], ['unreachable']) !== 'no')
  const nodeLocal = hasNodeLocal(sight)
  const behind = nodeLocal ? behindNodeLocal(sight) : []
  return cases.map((one) => ({
    ...one,
    evidence: one.host,
    explains: [...(one.explains ?? []), ...beyond, ...behind],
    nodeLocal,
  }))
}

function hasDefaultRoute(sight: Sight, address: string): Truth {
  const network = factsOf(sight, 'host')?.network
  const route = address.includes(':') ? network?.defaultRouteIpv6 : network?.defaultRouteIpv4
  return route === undefined || route === null ? 'no-data' : truth(route)
}

/** D-25. */
export const hostHasNoRouteToClusterIp: Fault = {
  name: 'host-has-no-route-to-cluster-ip',
  tier: 2,
  about:
    'The host has no route that a ClusterIP would match, not even a default one: its kernel gives up before the rules of the Service translate the address. Pods have a default route of their own.',
  cause:
    'The node has no default route, as in a network without a way out: the kernel looks for a route to the ClusterIP before any rule translates it, and finds none.',
  remedy: 'Give {nodes} a default route, even one to a dummy interface.',
  references: ['https://github.com/k3s-io/k3s/issues/6787'],
  notTakenFor: {
    'host-cannot-use-cluster-ip':
      'there the host waits in vain; here it is told at once that the network is unreachable',
    'service-rules-broken-on-node': 'there pods get no answer either',
  },
  rules: [
    nodeRule<NoRoute>({
      cases: noRoutes,
      signature: {
        'the ClusterIP is unreachable from the host': ({ host }) => dead(host, ['unreachable']),
        'pods are answered by it': ({ pod, since }) => ok(pod, since),
        'the host reaches a CoreDNS pod directly': ({ since }, sight) => reachesCoreDns(sight, since, ['host']),
      },
      supportedBy: {
        'the host has no default route': ({ target }, sight) => not(hasDefaultRoute(sight, target.address)),
      },
      severity: ({ cases }) => (cases.some(({ nodeLocal }) => nodeLocal) ? 'critical' : 'warning'),
      title: '{nodes}: no route for ClusterIPs',
      story: '{nodes} {have} no route for ClusterIPs: host processes cannot use {addresses}, pods can.',
      confirm: ['on {node}: ip route get {address}'],
      values: ({ cases, nodes }) => {
        const addresses = [...new Set(cases.map(({ target }) => target.address))].sort()
        return {
          have: nodes.length === 1 ? 'has' : 'have',
          addresses: listWords(addresses),
          address: addresses[0] ?? 'CLUSTER-DNS',
        }
      },
    }),
  ],
  covers: [{ faults: ['upstream-resolver-failing', 'ntp-servers-unreachable'], on: 'same-nodes' }],
}
