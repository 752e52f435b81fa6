import type { Finding, Subject, Vantage } from '@oddnode/protocol'
import type { Candidate, Fault, View } from '../fault.ts'
import { agentKey, type Fleet, type FleetNode } from '../fleet.ts'
import { clusterScope, nodesScope } from '../scope.ts'
import { hasListened, isNew, quietNodes, silentAfterSeconds, twinOf } from '../silence.ts'
import { agentComponent, countWords, instantWords, vantageWords } from '../words.ts'
import { nodeNotObserved } from './node-not-observed.ts'

/** One vantage of a node that is silent beside the other. */
type Silent = { node: FleetNode; vantage: Vantage; since: number; wasSeen: boolean }

/** one agent of a node pushes, the other does not. */
export const vantageSilent: Fault = {
  name: 'vantage-silent',
  tier: 1,
  about: 'One of the two agents of a node is silent while the other reports, so what it would see there is unknown.',
  remedy:
    "If its pod runs, repair its way to the aggregator: the node's pod network, or the host's. Else repair the pod.",
  references: ['https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/'],
  notTakenFor: { 'node-not-observed': 'there both agents are silent' },
  rules: [],
  candidates: (view) => {
    if (!hasListened(view.fleet, view.at)) return []
    const quiet = quietNodes(view)
    return (['host', 'pod'] as const).flatMap((vantage) => ofVantage(quiet, vantage, view))
  },
  isOver: (finding, { fleet, at }) => {
    const vantage = vantageOf(finding)
    const nodes = finding.scope.kind === 'cluster' ? [...fleet.nodes.keys()] : finding.scope.nodes
    return nodes.some((name) => {
      const agent = fleet.agents.get(agentKey(name, vantage))
      return !fleet.nodes.has(name) || (agent !== undefined && at - agent.lastSeen <= fleet.thresholds.silentSeconds)
    })
  },
  covers: [{ faults: 'all', on: 'silent-agent' }],
}

/** The agent that is silent is the finding's subject, by the name of its component. */
const subjectOf = (vantage: Vantage, node: string | null): Subject => ({
  role: null,
  address: null,
  pod: agentComponent(vantage),
  node,
})
const vantageOf = ({ scope }: Finding): Vantage => (scope.subject?.pod === agentComponent('host') ? 'host' : 'pod')

function ofVantage(quiet: readonly FleetNode[], vantage: Vantage, view: View): Candidate[] {
  const silent = quiet.flatMap((node) => silentOf(node, vantage, view) ?? [])
  if (silent.length === 0) return []
  const expected = [...view.fleet.nodes.values()].filter((node) => node.expected.includes(vantage))
  return silent.length > 1 && silent.length === expected.length
    ? [ofCluster(silent, vantage)]
    : silent.map((one) => ofNode(one, view))
}

function silentOf(node: FleetNode, vantage: Vantage, { fleet, at }: View): Silent | null {
  const twin = fleet.agents.get(agentKey(node.name, twinOf(vantage)))
  if (twin === undefined || at - twin.lastSeen > fleet.thresholds.twinSeconds) return null
  const agent = fleet.agents.get(agentKey(node.name, vantage))
  if (agent === undefined && (!node.expected.includes(vantage) || isNew(fleet, node, at))) return null
  const since = agent?.lastSeen ?? Math.max(twin.firstSeen, fleet.listeningSince)
  const quietFor = at - Math.max(since, fleet.listeningSince, unseenUntil(fleet, node))
  return quietFor > silentAfterSeconds(fleet, node) ? { node, vantage, since, wasSeen: agent !== undefined } : null
}

function ofNode({ node, vantage, since, wasSeen }: Silent, { fleet }: View): Candidate {
  const silence = wasSeen ? `the other is silent since ${instantWords(since)}` : 'the other has never been heard'
  return {
    scope: nodesScope(fleet, [node.name], subjectOf(vantage, node.name)),
    ...common(vantage, node),
    title: `The ${vantage} agent of ${node.name} is silent`,
    story: `Only the ${twinOf(vantage)} agent of ${node.name} reports; ${silence}, so what ${vantageWords(vantage)} see there is unknown.`,
    since,
  }
}

function ofCluster(silent: readonly Silent[], vantage: Vantage): Candidate {
  const since = silent.reduce((last, one) => Math.max(last, one.since), 0)
  return {
    scope: clusterScope(subjectOf(vantage, null)),
    ...common(vantage, silent[0]?.node),
    title: `The ${vantage} agent of every node is silent`,
    story: `Only the ${twinOf(vantage)} agents of ${countWords(silent.length, 'node')} report; the others are silent since ${instantWords(since)}, so what ${vantageWords(vantage)} see is unknown.`,
    since,
  }
}

function common(
  vantage: Vantage,
  node: FleetNode | undefined,
): Pick<Candidate, 'severity' | 'confidence' | 'evidence' | 'confirm' | 'remedy'> {
  const selector = `app.kubernetes.io/component=${agentComponent(vantage)}`
  const confirm =
    node === undefined || node.ready === null
      ? [`is the ${vantage} agent running, and does it reach this aggregator?`]
      : [
          `kubectl get pod -A -o wide -l ${selector} --field-selector spec.nodeName=${node.name}`,
          `kubectl -n oddnode logs -l ${selector} --tail=20 --prefix`,
        ]
  return {
    severity: vantage === 'pod' ? 'critical' : 'warning',
    confidence: 'certain',
    evidence: [],
    confirm,
    remedy:
      vantage === 'pod'
        ? "If its pod runs, repair the node's pod network: pods there do not reach the aggregator. Else repair the pod."
        : "If its pod runs, repair the host's way to the aggregator. Else repair the pod.",
  }
}

/** When a node from which nothing had been heard came back: its agents do not come back in the same second. */
function unseenUntil({ findings }: Fleet, { name }: FleetNode): number {
  const unseen = [...findings.values()].filter(
    ({ fault, scope }) => fault === nodeNotObserved.name && scope.nodes.includes(name),
  )
  return unseen.reduce((last, { ended, lastSeen }) => Math.max(last, Date.parse(ended ?? lastSeen) / 1000), -Infinity)
}
