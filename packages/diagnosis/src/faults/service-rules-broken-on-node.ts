import type { Vantage } from '@oddnode/protocol'
import { okElsewhere } from '../beside.ts'
import { dead, failing, failingSince, loss, ok } from '../cell-truth.ts'
import type { Fault } from '../fault.ts'
import { ownedByNodeLocal } from '../owned-by-node-local.ts'
import { type Case, nodeRule } from '../rule.ts'
import { type ServiceCase, serviceCases } from '../service-cases.ts'
import { cellsOf, type Sight } from '../sight.ts'
import { all, not, type Truth, truth } from '../truth.ts'
import { expectedLoss, reachesCoreDns, waysTo } from '../ways.ts'
import { listWords } from '../words.ts'

type Broken = Case & {
  services: readonly ServiceCase[]
  /** Every CoreDNS pod answers the node directly, not only some. */
  everyPodAnswers: Truth
  /** The API server's ClusterIP leads nowhere, too. */
  otherServices: Truth
}

/** Above what the CoreDNS pods themselves lose: less is chance. */
const LOST_IN_TRANSLATION = 0.3

/** The ClusterIPs of cluster DNS that fail from both vantages, together: rules are written by one program. */
function broken(sight: Sight): Broken[] {
  const services = serviceCases(sight).filter(({ host, pod }) => {
    const fails = all(failing(host), failing(pod))
    return fails === 'yes' || fails === 'wait'
  })
  if (services.length === 0) return []
  const evidence = services.flatMap((one) => one.evidence)
  const since = failingSince(evidence)
  const api = waysTo(sight, 'api-server')
  const apiCells = api.flatMap(({ cells }) => cells)
  const explains = [...services.flatMap((one) => one.explains ?? []), ...apiCells]
  const everyPodAnswers = all(...waysTo(sight, 'endpoint').map(({ cells }) => ok(cells, since)))
  return [{ since, evidence, explains, services, everyPodAnswers, otherServices: dead(apiCells) }]
}

function losesMore(sight: Sight, { target: { role, address } }: ServiceCase, vantage: Vantage): Truth {
  const lost = loss(cellsOf(sight, { vantage, role, address }))
  const expected = expectedLoss(sight, vantage)
  return lost === null || expected === null ? 'no-data' : truth(lost >= expected + LOST_IN_TRANSLATION)
}

/** The look of leftover-notrack-rules: node-local DNS owned the one that leads nowhere, and the second one answers. */
function isLeftover({ services, since }: Broken, sight: Sight): Truth {
  const [service, ...others] = services
  if (service === undefined || others.length > 0) return 'no'
  const { target, host, pod } = service
  const second = waysTo(sight, 'cluster-dns-upstream').flatMap(({ cells }) => cells)
  const api = waysTo(sight, 'api-server').flatMap(({ cells }) => cells)
  return all(
    ownedByNodeLocal(sight, target.address),
    dead(host, ['timeout', 'unreachable']),
    dead(pod, ['timeout', 'unreachable']),
    ok(second, since),
    api.length === 0 ? 'yes' : ok(api, since),
  )
}

const affected: Readonly<Record<Truth, string>> = {
  yes: 'every ClusterIP is affected',
  no: 'only this one is affected',
  wait: 'whether others are affected is not known yet',
  'no-data': 'whether others are affected is not known',
}

/** D-05. */
export const serviceRulesBrokenOnNode: Fault = {
  name: 'service-rules-broken-on-node',
  tier: 1,
  about:
    'A ClusterIP of cluster DNS leads nowhere on a node, while CoreDNS answers it directly: the rules that translate ClusterIPs there (kube-proxy, or the CNI) are missing, stale or wrong.',
  remedy: 'Restart kube-proxy, or the CNI agent, on {node}; let only one iptables backend write rules there.',
  references: [
    'https://github.com/kubernetes/kubernetes/issues/35641',
    'https://github.com/kubernetes/kubernetes/issues/61005',
    'https://github.com/kubernetes/kubernetes/issues/102314',
    'https://github.com/cilium/cilium/issues/28084',
    'https://github.com/rancher/rke2/issues/9448',
  ],
  notTakenFor: {
    'coredns-endpoint-failing': 'there the ClusterIP loses no more than the CoreDNS pods themselves',
    'host-has-no-route-to-cluster-ip': 'there pods are answered, and the host is told that there is no route',
    'host-cannot-use-cluster-ip': 'there pods are answered',
    'stale-conntrack-keeps-dead-endpoint': 'there a fresh source port is answered',
    'cluster-dns-has-no-endpoints': 'there the Service has no endpoint, on all nodes',
    'leftover-notrack-rules':
      'there node-local DNS owned the ClusterIP, and only this one is affected; it looks the same, and the raw table decides',
  },
  rules: [
    nodeRule<Broken>({
      cases: broken,
      signature: {
        'the ClusterIP fails from the host and from pods': ({ services }) =>
          all(...services.flatMap(({ host, pod }) => [failing(host), failing(pod)])),
        'a CoreDNS pod answers this node directly': ({ since }, sight) => reachesCoreDns(sight, since),
        'it loses more than the CoreDNS pods do': ({ services }, sight) =>
          all(...services.flatMap((one) => [losesMore(sight, one, 'host'), losesMore(sight, one, 'pod')])),
      },
      supportedBy: {
        'rules that node-local DNS left behind are not to blame': (one, sight) => {
          const leftover = isLeftover(one, sight)
          return leftover === 'no-data' ? 'yes' : not(leftover)
        },
        'other nodes are answered by it': ({ evidence, since }, { fleet }) => okElsewhere(fleet, evidence, since),
      },
      sameness: ({ services, otherServices }) =>
        [...services.map(({ target }) => target.address), otherServices].join(' '),
      severity: 'critical',
      title: '{nodes}: {addresses} nowhere',
      story: 'On {nodes} the {addresses} nowhere, though {pods} directly; {affected}.',
      confirm: [
        'on {node}: nft list ruleset | grep {first}; iptables-save -t nat | grep {first}',
        'kubectl -n kube-system logs $(kubectl -n kube-system get pod -l k8s-app=kube-proxy -o name --field-selector spec.nodeName={node})',
        'with Cilium, in its pod on {node}: cilium-dbg service list | grep -A3 :53',
      ],
      values: ({ cases, nodes }) => {
        const [{ services, otherServices }] = cases
        const addresses = services.map(({ target }) => target.address)
        const node = nodes.length === 1 ? 'that node' : 'those nodes'
        const every = cases.every(({ everyPodAnswers }) => everyPodAnswers === 'yes')
        return {
          addresses:
            addresses.length === 1 ? `ClusterIP ${addresses[0]} leads` : `ClusterIPs ${listWords(addresses)} lead`,
          first: addresses[0] ?? 'CLUSTER-DNS',
          pods: `${every ? 'every CoreDNS pod answers' : 'CoreDNS answers'} ${node}`,
          affected:
            otherServices === 'no' && addresses.length > 1 ? 'only these are affected' : affected[otherServices],
        }
      },
    }),
  ],
  covers: [],
}
