import type { Severity } from '@oddnode/protocol'
import type { Cell } from '../cell.ts'
import { dead, failingSince, stateOf } from '../cell-truth.ts'
import { areRecovered } from '../evidence.ts'
import type { Fault, View } from '../fault.ts'
import { agentKey, type Fleet, type FleetAgent } from '../fleet.ts'
import {
  type FactSplit,
  type FactValue,
  factSplits,
  factValues,
  hasNoMajority,
  haveToldFacts,
  isUnusual,
  scopeOfFacts,
  splitWords,
} from '../odd-fact.ts'
import { resolvConfOf } from '../resolv-conf.ts'
import { fleetRule, type Told } from '../rule.ts'
import { allCells } from '../sight.ts'
import { instantWords } from '../words.ts'

const NONE = 'none'

const nameserversOf = (agent: FleetAgent): string | null => {
  const conf = resolvConfOf(agent)
  return conf === null ? null : conf.nameservers.join(', ') || NONE
}

const hasNone = (one: FactValue | FactSplit): boolean => 'found' in one && one.found === NONE

const podOf = (fleet: Fleet, node: string): FleetAgent | null => fleet.agents.get(agentKey(node, 'pod')) ?? null

/** What pods ask their first nameserver, and get no good answer to. */
function failingAt(fleet: Fleet, nodes: readonly string[]): Cell[] {
  return nodes.flatMap((node) => {
    const pod = podOf(fleet, node)
    const address = pod && resolvConfOf(pod)?.nameservers[0]
    if (!address) return []
    const cells = allCells({ agents: { host: null, pod } }, 'pod').filter(({ target }) => target.address === address)
    const asked = cells.filter(({ planned }) => planned.sourcePort === 'fresh' && !planned.onlyAfterTruncation)
    return asked.filter((cell) => stateOf(cell) === 'failing')
  })
}

const withFailing = <C extends FactValue | FactSplit>(fleet: Fleet, one: C): C => {
  const evidence = failingAt(fleet, one.nodes)
  return { ...one, evidence, since: Math.min(one.since, failingSince(evidence)) }
}

const unusual = (view: View): FactValue[] =>
  factValues(view, 'pod', nameserversOf).map((one) => (isUnusual(one) === 'yes' ? withFailing(view.fleet, one) : one))

const halves = (view: View): FactSplit[] =>
  factSplits(view, 'pod', nameserversOf).map((one) =>
    hasNoMajority(one) === 'yes' ? withFailing(view.fleet, one) : one,
  )

const severityOf = ({ cases }: Told<FactValue | FactSplit>): Severity =>
  cases.some((one) => hasNone(one) || one.evidence.length > 0) ? 'critical' : 'warning'

/** `; 10.96.0.99 does not answer`, where pods get nothing good from what they were given. */
function failureWords({ cases }: Told<FactValue | FactSplit>): string {
  // resolv.conf(5).
  if (cases.some(hasNone)) return '; programs there ask 127.0.0.1, their own pod'
  const evidence = cases.flatMap((one) => one.evidence)
  const [first] = evidence
  if (first === undefined) return ''
  const what = dead(evidence) === 'no' ? 'does not answer rightly' : 'does not answer'
  return `; ${first.target.address} ${what}`
}

/** A pod keeps the resolv.conf of its creation, the agent's too. */
function readAt({ scope, fleet }: Told<FactValue | FactSplit>): string {
  const pod = podOf(fleet, scope.nodes[0] ?? '')
  const modifiedAt = (pod && resolvConfOf(pod)?.modifiedAt) ?? null
  return modifiedAt === null ? '' : ` # the agent's is of ${instantWords(modifiedAt)}, as old as its pod`
}

const confirm = [
  'in a pod on {node}: cat /etc/resolv.conf{readAt}',
  'kubectl get --raw /api/v1/nodes/{node}/proxy/configz | jq .kubeletconfig.clusterDNS',
  'kubectl get events -A --field-selector reason=MissingClusterDNS',
]

/** D-17. */
export const podsHaveWrongNameserver: Fault = {
  name: 'pods-have-wrong-nameserver',
  tier: 1,
  about:
    'Pods of a node are given another nameserver than those of the other nodes: the clusterDNS of its kubelet is another one, or missing.',
  cause:
    'The kubelet there has another clusterDNS, as from another image or node group, or none, so that pods get the nameserver of the node. A pod keeps the resolv.conf of its creation: one that is older than a change has the former nameserver.',
  remedy:
    "Align clusterDNS in the kubelet's configuration, restart it, and recreate the pods: each keeps the resolv.conf of its creation.",
  references: [
    'https://github.com/kubeovn/kube-ovn/issues/497',
    'https://github.com/cilium/cilium/issues/33144',
    'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/',
  ],
  notTakenFor: {
    'pods-cannot-reach-node-local-dns': 'there the nameserver is the usual one, and cannot be reached',
    'search-list-differs': 'there the nameserver is the usual one',
  },
  rules: [
    fleetRule<FactValue>({
      cases: unusual,
      signature: {
        'most nodes of the group give their pods other nameservers': isUnusual,
      },
      sameness: ({ found, usual }) => `${found} ${usual}`,
      scope: (cases, _, view) => scopeOfFacts(cases, view),
      severity: severityOf,
      title: 'Pods on {nodes} get nameserver {found}',
      story: 'Pods on {nodes} get nameserver {found}, on the other nodes {usual}{failure}.',
      confirm,
      values: (told) => ({
        found: told.cases[0].found,
        usual: told.cases[0].usual ?? '',
        failure: failureWords(told),
        readAt: readAt(told),
      }),
    }),
    fleetRule<FactSplit>({
      cases: halves,
      signature: { 'nodes of a group give their pods different nameservers, none of them most': hasNoMajority },
      isLikely: ({ evidence }) => evidence.length === 0,
      sameness: splitWords,
      scope: (cases, _, view) => scopeOfFacts(cases, view),
      severity: severityOf,
      title: 'Pods get different nameservers',
      story: 'Pods get nameserver {halves}{failure}.',
      confirm,
      values: (told) => ({
        halves: splitWords(told.cases[0]),
        failure: failureWords(told) || ': which is right cannot be told from the nodes alone',
        readAt: readAt(told),
      }),
    }),
  ],
  isOver: ({ scope, evidence }, { fleet }) => haveToldFacts(fleet, scope, 'pod') && areRecovered(fleet, evidence),
  covers: [{ faults: ['search-list-differs'], on: 'same-nodes' }],
}
