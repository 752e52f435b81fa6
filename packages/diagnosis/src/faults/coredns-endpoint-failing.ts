import { type Target, vantages } from '@oddnode/protocol'
import { type Asker, agentAlone, askersOf, cellsToward, failsForHalf, nearlyAll } from '../askers.ts'
import { badRun } from '../bad-run.ts'
import type { Cell } from '../cell.ts'
import { dead, failingSince, loss, ok, someOk } from '../cell-truth.ts'
import { dnsServer } from '../confirm.ts'
import { dnsPods } from '../dns-pods.ts'
import { isInService } from '../endpoints.ts'
import type { Fault, View } from '../fault.ts'
import { fleetPace } from '../pace-of-rounds.ts'
import { endpointOf } from '../peers.ts'
import { type Case, fleetRule, type TargetSight, targetRule } from '../rule.ts'
import { endpointScope } from '../scope.ts'
import { behindService, serviceFallout } from '../service-fallout.ts'
import { cellsOf } from '../sight.ts'
import { all, any, not, type Truth, truth } from '../truth.ts'
import { endpointsOf, isDown } from '../usual-loss.ts'
import { listWords, percentWords } from '../words.ts'
import { clusterDnsHasNoEndpoints } from './cluster-dns-has-no-endpoints.ts'

type DeadPod = Case & { target: Target; askers: readonly Asker[]; pods: number; deadPods: number }

const MOST_LOST = 0.8
/** Askers that are looked at for a contrast: the fault is the pod's, so that any of them will do. */
const WITNESSES = 3
/** Two rounds of 15 s. */
const LINGER_SECONDS = 30
/** More than these are counted, not named. */
const FEW_PODS = 3

/** Nothing came, or hardly anything. A wrong answer is another fault. */
function isUnanswered({ cells }: Asker): Truth {
  const silent = cells.every(({ agent, probe }) => badRun(agent.windows, probe).answered === 0)
  return any(dead(cells), all(truth(silent), truth((loss(cells) ?? 0) >= MOST_LOST)))
}

function deadPods(sight: TargetSight): DeadPod[] {
  const { target } = sight
  if (target.role !== 'endpoint' || !failsForHalf(sight, target)) return []
  const askers = askersOf(sight, target)
  const failing = askers.filter((asker) => isUnanswered(asker) === 'yes')
  const evidence = failing.flatMap(({ cells }) => cells)
  const explains = [...cellsToward(sight, ({ role, address }) => role === 'endpoint' && address === target.address)]
  const pods = endpointsOf(sight.fleet)
  return [
    {
      since: failingSince(evidence),
      evidence,
      explains: [...explains, ...serviceFallout(sight)],
      target,
      askers,
      pods: pods.length,
      deadPods: pods.filter((one) => isDown(sight.fleet, one)).length,
    },
  ]
}

/** A vantage that nobody asks from says nothing. */
function byVantage(askers: readonly Asker[]): Truth {
  const verdicts = vantages.map((vantage) =>
    nearlyAll(askers.filter((asker) => asker.vantage === vantage).map(isUnanswered)),
  )
  return all(...verdicts.filter((verdict) => verdict !== 'no-data'))
}

/** Who gets nothing from this pod gets something from another one, be it an error. */
function othersAnswer({ target, evidence, since }: DeadPod): Truth {
  const witnesses = [...new Set(evidence.map(({ agent }) => agent))].slice(0, WITNESSES)
  const others = witnesses.flatMap((agent) =>
    agent.plan.targets
      .filter(({ role, address }) => role === 'endpoint' && address !== target.address)
      .map(({ role, address }) => cellsOf(agentAlone(agent), { vantage: agent.vantage, role, address })),
  )
  return others.length === 0
    ? 'no-data'
    : any(...others.map((cells) => any(ok(cells, since), truth(isAnswered(cells)))))
}

/** With whatever RCODE. */
const isAnswered = (cells: readonly Cell[]): boolean =>
  cells.some(({ agent, probe }) => badRun(agent.windows, probe).answered > 0)

function ownNodeReaches(
  { target, askers, since }: Pick<DeadPod, 'target' | 'askers' | 'since'>,
  { fleet }: View,
): Truth {
  const node = endpointOf(fleet, target)?.node ?? null
  const own = askers.filter((asker) => asker.node === node)
  return own.length === 0 ? 'no-data' : any(...own.map(({ cells }) => ok(cells, since)))
}

type Asked = { target: Target; askers: readonly Asker[] }
type NoPod = Case & { pods: readonly Asked[] }

/** All CoreDNS pods that Kubernetes calls ready, if there are several: of a single one the other form tells. */
function allPods(view: View): NoPod[] {
  const { fleet } = view
  const targets = endpointsOf(fleet).filter((target) => isInService(fleet, target))
  if (targets.length < 2 || !targets.every((target) => failsForHalf(view, target))) return []
  const pods = targets.map((target): Asked => ({ target, askers: askersOf(view, target) }))
  const failing = pods.flatMap(({ askers }) => askers.filter((asker) => isUnanswered(asker) === 'yes'))
  const evidence = failing.flatMap(({ cells }) => cells)
  const explains = cellsToward(view, ({ role }) => role === 'endpoint' || behindService.has(role))
  return [{ since: failingSince(evidence), evidence, explains, pods }]
}

/** Every pod that Kubernetes sends queries to is asked by somebody. */
function areAllAsked({ pods }: NoPod, { fleet }: View): Truth {
  const ready = fleet.cluster?.dns.endpoints?.filter((one) => one.ready && !one.terminating)
  if (!ready) return 'no-data'
  return truth(ready.every(({ address }) => pods.some(({ target }) => target.address === address)))
}

/** Pods that have just become ready are asked again first: who has to wait for that is told of by another name. */
function wereReady(_: NoPod, { fleet, at }: View): Truth {
  const since = at - LINGER_SECONDS * fleetPace(fleet)
  const isRecent = [...fleet.findings.values()].some(
    ({ fault, ended }) =>
      fault === clusterDnsHasNoEndpoints.name && (ended === null || Date.parse(ended) / 1000 > since),
  )
  return isRecent ? 'wait' : 'yes'
}

const ownNodesReach = ({ pods, since }: NoPod, view: View): Truth[] =>
  pods.map((pod) => ownNodeReaches({ ...pod, since }, view)).filter((one) => one !== 'no-data')

/** Else it may be the way to them that is cut. */
function areReachedOtherwise(one: NoPod, view: View): Truth {
  if (ownNodesReach(one, view).length > 0) return 'yes'
  const reach = one.pods.flatMap(({ target: { role, address }, askers }) =>
    askers.slice(0, WITNESSES).flatMap(({ cells: [cell], vantage }) => {
      return cell === undefined ? [] : cellsOf(agentAlone(cell.agent), { vantage, role, address, question: 'reach' })
    }),
  )
  return someOk(reach, one.since) === 'yes' ? 'yes' : 'no-data'
}

/** D-06. */
export const corednsEndpointFailing: Fault = {
  name: 'coredns-endpoint-failing',
  tier: 1,
  about:
    'One CoreDNS pod that Kubernetes calls ready answers nobody: the Service goes on sending it its share of the queries.',
  cause:
    'CoreDNS hangs in that pod, or the pod or its node is broken; by default it stays ready once it was, so that Kubernetes leaves it in the Service. Where another port of the pod still answers it is its DNS alone that hangs.',
  remedy:
    'Delete the pod {pod}, and look at its node. By default CoreDNS stays ready once it was, so that Kubernetes does not notice.',
  references: [
    'https://github.com/kelseyhightower/kubernetes-the-hard-way/issues/104',
    'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
  ],
  notTakenFor: {
    'node-cut-off-from-pod-network': "there the pod's own node is answered",
    'reply-from-unexpected-source': "there only pods of the CoreDNS pod's own node are concerned",
    'service-rules-broken-on-node': 'there the pod answers, and the ClusterIP does not, on one node',
  },
  rules: [
    targetRule<DeadPod>({
      cases: deadPods,
      signature: {
        'nearly every node gets no answer from the pod, hosts and pods alike': ({ askers }) => byVantage(askers),
        'its own node reaches it no more than others': (one, sight) => {
          const reaches = ownNodeReaches(one, sight)
          return reaches === 'no-data' ? 'yes' : not(reaches)
        },
      },
      supportedBy: {
        'another CoreDNS pod answers': othersAnswer,
        'Kubernetes calls it ready': ({ target }, { fleet }) => {
          const endpoint = endpointOf(fleet, target)
          return endpoint === null ? 'no-data' : truth(endpoint.ready && !endpoint.terminating)
        },
      },
      isLikely: (one, sight) => ownNodeReaches(one, sight) === 'no-data',
      scope: ([{ target }], _, { fleet }) => {
        const endpoint = endpointOf(fleet, target)
        return endpointScope({
          role: target.role,
          address: target.address,
          pod: endpoint?.pod ?? null,
          node: endpoint?.node ?? null,
        })
      },
      severity: ({ cases }) => (cases.some(({ deadPods, pods }) => deadPods * 2 >= pods) ? 'critical' : 'warning'),
      title: 'CoreDNS pod {address} does not answer',
      story:
        'CoreDNS pod {address}{where} does not answer: about {share} of cluster DNS queries fail, from every node.',
      confirm: [
        'kubectl -n {namespace} get pod -l {selector} -o wide',
        'dig +time=1 +tries=1 @{dnsServer} kubernetes.default.svc.{domain}.',
      ],
      values: ({ cases: [{ target, pods }], fleet }) => {
        const endpoint = endpointOf(fleet, target)
        return {
          address: target.address,
          dnsServer: dnsServer(target),
          ...dnsPods(fleet),
          where: endpoint?.node ? ` on ${endpoint.node}` : '',
          share: percentWords(1 / Math.max(1, pods)),
          pod: endpoint?.pod ?? target.address,
        }
      },
    }),
    fleetRule<NoPod>({
      cases: allPods,
      signature: {
        'nearly every node gets no answer from any of the pods, hosts and pods alike': ({ pods }) =>
          all(...pods.map(({ askers }) => byVantage(askers))),
        'they were ready before': wereReady,
        'their own nodes reach them no more than others': (one, view) => not(any(...ownNodesReach(one, view))),
      },
      supportedBy: {
        'they are all pods that Kubernetes calls ready': areAllAsked,
        'their own nodes tell the same, or other ports of theirs are reached': areReachedOtherwise,
      },
      isLikely: (one, view) => ownNodesReach(one, view).length === 0,
      severity: 'critical',
      title: 'No CoreDNS pod answers',
      story: 'No CoreDNS pod answers, though Kubernetes calls {pods} ready: no node resolves cluster names.',
      confirm: [
        'kubectl -n {namespace} get pod -l {selector} -o wide',
        'dig +time=1 +tries=1 @{dnsServer} kubernetes.default.svc.{domain}.',
      ],
      values: ({ cases: [{ pods }], fleet }) => {
        const [first] = pods
        const names = pods.map(({ target }) => endpointOf(fleet, target)?.pod ?? target.address)
        return {
          ...dnsPods(fleet),
          dnsServer: dnsServer(first?.target ?? { address: 'ENDPOINT' }),
          pods: pods.length > FEW_PODS ? `all ${pods.length}` : listWords(names),
          pod: listWords(names),
        }
      },
    }),
  ],
  covers: [{ faults: ['dns-packets-lost-on-node', 'stale-conntrack-keeps-dead-endpoint'], on: 'same-target' }],
}
