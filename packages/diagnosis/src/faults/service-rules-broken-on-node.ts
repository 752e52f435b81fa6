import { type Vantage, vantages } from '@oddnode/protocol'
import { okElsewhere } from '../beside.ts'
import { dead, failing, failingSince, loss, ok } from '../cell-truth.ts'
import { lostInARow, lostOfKept, mayBeChance } from '../chance.ts'
import type { Fault } from '../fault.ts'
import { inCiliumPod } from '../in-cilium-pod.ts'
import { ownedByNodeLocal } from '../owned-by-node-local.ts'
import { type Case, nodeRule } from '../rule.ts'
import { type ServiceCase, serviceCases } from '../service-cases.ts'
import { cellsOf, type Sight } from '../sight.ts'
import { isAnsweredSomewhere } from '../spared.ts'
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
  const cells = cellsOf(sight, { vantage, role, address })
  const lost = loss(cells)
  const expected = expectedLoss(sight, vantage)
  if (lost === null || expected === null) return 'no-data'
  return truth(lost >= expected + LOST_IN_TRANSLATION)
}

/** Where CoreDNS pods lose nearly all themselves, a ClusterIP cannot lose more. */
const canTell = (sight: Sight, vantage: Vantage): boolean =>
  (expectedLoss(sight, vantage) ?? 0) <= 1 - LOST_IN_TRANSLATION

/** Seen from one vantage alone it may be that vantage's own fault, unless the other ClusterIPs lead nowhere either. */
function allLoseMore({ services, otherServices }: Broken, sight: Sight): Truth {
  const from = vantages.filter((vantage) => canTell(sight, vantage))
  if (from.length === 0) return 'no'
  const lose = services.flatMap((one) => from.map((vantage) => losesMore(sight, one, vantage)))
  return all(from.length < vantages.length ? otherServices : 'yes', ...lose)
}

/** All of them together do not lose by chance what some CoreDNS pods lose. */
function isNoChance({ services }: Broken, sight: Sight): Truth {
  const from = vantages.filter((vantage) => canTell(sight, vantage))
  const cells = services.flatMap(({ host, pod }) => from.flatMap((vantage) => (vantage === 'host' ? host : pod)))
  const share = Math.max(0, ...from.map((vantage) => expectedLoss(sight, vantage) ?? 0))
  const isChance = mayBeChance(lostInARow(cells), share) && mayBeChance(lostOfKept(cells), share)
  // More samples come as long as it is suspected.
  return isChance ? 'wait' : 'yes'
}

/** Where a CoreDNS pod is dead they are answered now and then, which is enough. */
function othersAreAnswered({ evidence, since }: Broken, { fleet }: Sight): Truth {
  const elsewhere = okElsewhere(fleet, evidence, since)
  return elsewhere === 'no' ? truth(isAnsweredSomewhere(fleet, evidence, since)) : elsewhere
}

/** The rules of every node may be broken: then every ClusterIP leads nowhere, the API server's too, and CoreDNS answers directly. */
function othersAnsweredOrAlike(one: Broken, sight: Sight): Truth {
  const others = othersAreAnswered(one, sight)
  return others === 'no' ? all(one.everyPodAnswers, one.otherServices) : others
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
  cause:
    'What writes the rules of Services there (kube-proxy, or the CNI) is dead, or does not hear the API server, or two iptables backends write beside each other. Where every ClusterIP is affected it is that program; where only this one is, its rules.',
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
        'it loses more than the CoreDNS pods do': allLoseMore,
        'and not by chance': isNoChance,
      },
      supportedBy: {
        'rules that node-local DNS left behind are not to blame': (one, sight) => {
          const leftover = isLeftover(one, sight)
          return leftover === 'no-data' ? 'yes' : not(leftover)
        },
        'other nodes are answered by it, or every ClusterIP leads nowhere on all of them': othersAnsweredOrAlike,
      },
      isLikely: (one, sight) => othersAreAnswered(one, sight) === 'no',
      sameness: ({ services, otherServices }) =>
        [...services.map(({ target }) => target.address), otherServices].join(' '),
      severity: 'critical',
      title: '{Nodes}: {addresses} nowhere',
      story: 'On {nodes} the {addresses} nowhere, though {pods} directly; {affected}.',
      confirm: [
        'on {node}: nft list ruleset | grep {first}; iptables-save -t nat | grep {first}',
        'kubectl -n kube-system logs $(kubectl -n kube-system get pod -l k8s-app=kube-proxy -o name --field-selector spec.nodeName={node})',
        inCiliumPod('cilium-dbg service list | grep -A3 :53'),
      ],
      values: ({ cases, nodes, scope }) => {
        const [{ services, otherServices }] = cases
        const addresses = services.map(({ target }) => target.address)
        const node = nodes.length === 1 ? 'that node' : 'those nodes'
        const every = cases.every(({ everyPodAnswers }) => everyPodAnswers === 'yes')
        return {
          Nodes: scope.kind === 'cluster' ? 'Every node' : listWords(nodes),
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
