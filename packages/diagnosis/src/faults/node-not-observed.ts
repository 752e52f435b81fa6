import type { Candidate, Fault, View } from '../fault.ts'
import type { FleetNode } from '../fleet.ts'
import { clusterScope, nodesScope } from '../scope.ts'
import { agentsOf, hasListened, isNew, isSilent, quietNodes } from '../silence.ts'
import { countWords, instantWords } from '../words.ts'

/** A node of which nothing is heard. */
type Unheard = { node: FleetNode; since: number; wasSeen: boolean }

/** a node is expected, and neither of its agents pushes. */
export const nodeNotObserved: Fault = {
  name: 'node-not-observed',
  tier: 1,
  about: 'Nothing is heard from a node that should report: neither of its agents pushes.',
  remedy: "Repair the node where Kubernetes calls it NotReady; else look at the agents' tolerations, image and quota.",
  references: ['https://kubernetes.io/docs/reference/node/node-status/#condition'],
  notTakenFor: { 'vantage-silent': 'there one of the two agents still reports' },
  rules: [],
  candidates: (view) => {
    if (!hasListened(view.fleet, view.at)) return []
    const unheard = quietNodes(view).flatMap((node) => unheardOf(node, view) ?? [])
    const all = unheard.length > 1 && unheard.length === view.fleet.nodes.size
    return all ? [ofCluster(unheard)] : unheard.map((one) => ofNode(one, view))
  },
  isOver: ({ scope }, { fleet, at }) => {
    const nodes =
      scope.kind === 'cluster' ? [...fleet.nodes.keys()] : scope.nodes.filter((name) => fleet.nodes.has(name))
    const isHeard = (name: string) =>
      agentsOf(fleet, name).some(({ lastSeen, stopped }) => stopped || at - lastSeen <= fleet.thresholds.silentSeconds)
    return nodes.length === 0 || nodes.some(isHeard)
  },
  covers: [
    { faults: 'all', on: 'same-nodes' },
    { faults: ['coredns-endpoint-failing'], on: 'hosted' },
  ],
}

function unheardOf(node: FleetNode, { fleet, at }: View): Unheard | null {
  const agents = agentsOf(fleet, node.name)
  if (agents.length === 0) {
    const since = Math.max(node.createdAt ?? fleet.listeningSince, fleet.listeningSince)
    return node.ready === null || isNew(fleet, node, at) ? null : { node, since, wasSeen: false }
  }
  if (!agents.every((agent) => isSilent(fleet, node, agent, at))) return null
  // Outside Kubernetes nobody expects an agent back that said goodbye.
  if (node.ready === null && agents.every(({ stopped }) => stopped)) return null
  return { node, since: Math.max(...agents.map(({ lastSeen }) => lastSeen)), wasSeen: true }
}

function ofNode({ node, since, wasSeen }: Unheard, { fleet }: View): Candidate {
  const ready = node.ready === null ? '' : `; Kubernetes calls it ${node.ready ? 'Ready' : 'NotReady'}`
  return {
    scope: nodesScope(fleet, [node.name]),
    severity: wasSeen ? 'critical' : 'warning',
    confidence: 'certain',
    title: wasSeen ? `Nothing is heard from ${node.name}` : `${node.name} has no agent`,
    story: wasSeen
      ? `Nothing has been heard from ${node.name} since ${instantWords(since)}${ready}.`
      : `${node.name} has no agent: no push has ever come from it${ready}.`,
    since,
    evidence: [],
    confirm: confirmOf(node.name, node.ready !== null),
    remedy: remedyOf(node),
  }
}

function ofCluster(unheard: readonly Unheard[]): Candidate {
  const since = unheard.reduce((last, one) => Math.max(last, one.since), 0)
  const [first] = unheard
  return {
    scope: clusterScope(),
    severity: unheard.some(({ wasSeen }) => wasSeen) ? 'critical' : 'warning',
    confidence: 'certain',
    title: `Nothing is heard from any of ${countWords(unheard.length, 'node')}`,
    story: `Nothing has been heard from any of ${countWords(unheard.length, 'node')} since ${instantWords(since)}: the agents, or their way to the aggregator.`,
    since,
    evidence: [],
    confirm: confirmOf(first?.node.name ?? '', first?.node.ready !== null),
    remedy: "Look at the aggregator's Service and network policy, then at the agents' DaemonSets.",
  }
}

/** Where an agent serves its metrics unless told otherwise (`listen`). */
const AGENT_METRICS = 'http://127.0.0.1:9530/metrics'

function confirmOf(node: string, inKubernetes: boolean): string[] {
  return inKubernetes
    ? [
        `kubectl get node ${node}; kubectl get pod -A -o wide -l app.kubernetes.io/name=oddnode --field-selector spec.nodeName=${node}`,
      ]
    : [`on ${node}: curl -sm2 ${AGENT_METRICS} | grep oddnode_pushes_total # nothing: no agent runs there`]
}

function remedyOf({ ready }: FleetNode): string {
  if (ready === null) return 'Start the agent there, or repair its way to the aggregator.'
  return ready
    ? "Look at the agents' tolerations, image and quota."
    : 'Repair the node: Kubernetes does not hear from it either.'
}
