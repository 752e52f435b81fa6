import { type Target, vantages } from '@oddnode/protocol'
import { type Asker, agentAlone, askersOf, cellsToward, failsForHalf, nearlyAll } from '../askers.ts'
import { badRun } from '../bad-run.ts'
import { dead, failingSince, loss, ok } from '../cell-truth.ts'
import type { Fault, View } from '../fault.ts'
import { columnsOf, endpointOf } from '../peers.ts'
import { type Case, type TargetSight, targetRule } from '../rule.ts'
import { endpointScope } from '../scope.ts'
import { serviceFallout } from '../service-fallout.ts'
import { cellsOf } from '../sight.ts'
import { all, any, not, type Truth, truth } from '../truth.ts'
import { percentWords } from '../words.ts'

type DeadPod = Case & { target: Target; askers: readonly Asker[]; pods: number; deadPods: number }

const MOST_LOST = 0.8
/** Askers that are looked at for a contrast: the fault is the pod's, so that any of them will do. */
const WITNESSES = 3

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
  const pods = podsOf(sight)
  return [
    {
      since: failingSince(evidence),
      evidence,
      explains: [...explains, ...serviceFallout(sight)],
      target,
      askers,
      pods: pods.length,
      deadPods: pods.filter((one) => isDown(sight, one)).length,
    },
  ]
}

const podsOf = ({ fleet }: View): Target[] =>
  [...fleet.ledger.byTarget.values()].flatMap(([column]) => (column?.target.role === 'endpoint' ? [column.target] : []))

/** A vantage that nobody asks from says nothing. */
function byVantage(askers: readonly Asker[]): Truth {
  const verdicts = vantages.map((vantage) =>
    nearlyAll(askers.filter((asker) => asker.vantage === vantage).map(isUnanswered)),
  )
  return all(...verdicts.filter((verdict) => verdict !== 'no-data'))
}

/** Most of those who ask it get nothing. */
const isDown = ({ fleet }: View, target: Target): boolean =>
  columnsOf(fleet, target)
    .filter(({ question }) => question === 'kubernetes')
    .every(({ ok, degraded, failing }) => failing > ok + degraded)

/** Who gets nothing from this pod gets an answer from another one. */
function othersAnswer({ target, evidence, since }: DeadPod): Truth {
  const witnesses = [...new Set(evidence.map(({ agent }) => agent))].slice(0, WITNESSES)
  const others = witnesses.flatMap((agent) =>
    agent.plan.targets
      .filter(({ role, address }) => role === 'endpoint' && address !== target.address)
      .map(({ role, address }) => cellsOf(agentAlone(agent), { vantage: agent.vantage, role, address })),
  )
  return others.length === 0 ? 'no-data' : any(...others.map((cells) => ok(cells, since)))
}

function ownNodeReaches({ target, askers, since }: DeadPod, { fleet }: View): Truth {
  const node = endpointOf(fleet, target)?.node ?? null
  const own = askers.filter((asker) => asker.node === node)
  return own.length === 0 ? 'no-data' : any(...own.map(({ cells }) => ok(cells, since)))
}

/** D-06. */
export const corednsEndpointFailing: Fault = {
  name: 'coredns-endpoint-failing',
  tier: 1,
  about:
    'One CoreDNS pod that Kubernetes calls ready answers nobody: the Service goes on sending it its share of the queries.',
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
        'kubectl -n kube-system get endpointslice -l k8s-app=kube-dns',
        'dig +time=1 +tries=1 @{address} kubernetes.default.svc.{domain}.',
      ],
      values: ({ cases: [{ target, pods }], fleet }) => {
        const endpoint = endpointOf(fleet, target)
        return {
          address: target.address,
          where: endpoint?.node ? ` on ${endpoint.node}` : '',
          share: percentWords(1 / Math.max(1, pods)),
          pod: endpoint?.pod ?? target.address,
        }
      },
    }),
  ],
  covers: [{ faults: ['dns-packets-lost-on-node', 'stale-conntrack-keeps-dead-endpoint'], on: 'same-target' }],
}
