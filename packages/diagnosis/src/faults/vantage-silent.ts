import type { Finding, Subject, Vantage } from '@oddnode/protocol'
import type { Candidate, Fault, View } from '../fault.ts'
import { agentKey, type FleetNode } from '../fleet.ts'
import { clusterScope, nodesScope } from '../scope.ts'
import { hasListened, isNew, silentAfterSeconds, twinOf } from '../silence.ts'
import { countWords, instantWords, vantageWords } from '../words.ts'

/** One vantage of a node that is silent beside the other. */
type Silent = { node: FleetNode; vantage: Vantage; since: number; wasSeen: boolean }

/** one agent of a node pushes, the other does not. */
export const vantageSilent: Fault = {
  name: 'vantage-silent',
  tier: 1,
  references: ['https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/'],
  signature: (view) => {
    if (!hasListened(view.fleet, view.at)) return []
    const nodes = [...view.fleet.nodes.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
    return (['host', 'pod'] as const).flatMap((vantage) => ofVantage(nodes, vantage, view))
  },
  isOver: (finding, { fleet, at }) => {
    const vantage = vantageOf(finding)
    const nodes = finding.scope.kind === 'cluster' ? [...fleet.nodes.keys()] : finding.scope.nodes
    return nodes.some((name) => {
      const agent = fleet.agents.get(agentKey(name, vantage))
      return !fleet.nodes.has(name) || (agent !== undefined && at - agent.lastSeen <= fleet.thresholds.silentSeconds)
    })
  },
  covers: (finding, other) =>
    other.evidence.length > 0 &&
    other.evidence.every(({ node, vantage }) => vantage === vantageOf(finding) && finding.scope.nodes.includes(node)),
}

const component = (vantage: Vantage): string => `agent-${vantage}`

/** The agent that is silent is the finding's subject, by the name of its component. */
const subjectOf = (vantage: Vantage, node: string | null): Subject => ({
  role: null,
  address: null,
  pod: component(vantage),
  node,
})
const vantageOf = ({ scope }: Finding): Vantage => (scope.subject?.pod === component('host') ? 'host' : 'pod')

function ofVantage(nodes: readonly FleetNode[], vantage: Vantage, view: View): Candidate[] {
  const silent = nodes.flatMap((node) => silentOf(node, vantage, view) ?? [])
  const expected = nodes.filter((node) => node.expected.includes(vantage))
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
  const quietFor = at - Math.max(since, fleet.listeningSince)
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
  const selector = `app.kubernetes.io/component=${component(vantage)}`
  const confirm =
    node === undefined || node.ready === null
      ? [`is the ${vantage} agent running, and does it reach this aggregator?`]
      : [
          `kubectl -n oddnode get pod -o wide -l ${selector} --field-selector spec.nodeName=${node.name}`,
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
