import type { Finding, Subject, Vantage } from '@oddnode/protocol'
import { backSince } from '../back-since.ts'
import type { Candidate, Fault, View } from '../fault.ts'
import { agentKey, type Fleet, type FleetNode } from '../fleet.ts'
import { clusterScope, nodesScope } from '../scope.ts'
import { beganTogether, hasListened, isNew, quietNodes, silentAfterSeconds, twinOf } from '../silence.ts'
import { agentComponent, countWords, instantWords, listWords, vantageWords } from '../words.ts'
import { nodeNotObserved } from './node-not-observed.ts'

/** One vantage of a node that is silent beside the other. */
type Silent = { node: FleetNode; vantage: Vantage; since: number; wasSeen: boolean }

/** A-02: one agent of a node pushes, the other does not. */
export const vantageSilent: Fault = {
  name: 'vantage-silent',
  tier: 1,
  about: 'One of the two agents of a node is silent while the other reports, so what it would see there is unknown.',
  cause:
    'The pod of the agent does not run; or it runs and does not reach the aggregator, because the same fault cuts off what it would report. What it has buffered tells which, once it comes.',
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
    const isBack = (name: string) => {
      const agent = fleet.agents.get(agentKey(name, vantage))
      return !fleet.nodes.has(name) || (agent !== undefined && at - agent.lastSeen <= fleet.thresholds.silentSeconds)
    }
    const { kind, nodes } = finding.scope
    return kind === 'cluster' ? [...fleet.nodes.keys()].some(isBack) : nodes.every(isBack)
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
  if (silent.length > 1 && !isAnyHeard(vantage, view)) return [ofCluster(silent, vantage)]
  return groupsOf(silent, view.fleet).map((group) => ofGroup(group, vantage, view.fleet))
}

const isAnyHeard = (vantage: Vantage, { fleet, at }: View): boolean =>
  [...fleet.agents.values()].some(
    (agent) => agent.vantage === vantage && at - agent.lastSeen <= fleet.thresholds.silentSeconds,
  )

type Group = readonly [Silent, ...Silent[]]

/** Agents that fell silent together are one finding, and so are those that were never heard; those of cordoned nodes are told apart. */
function groupsOf(silent: readonly Silent[], { thresholds }: Fleet): Group[] {
  const kinds = Map.groupBy(silent, ({ node, wasSeen }) => `${node.cordoned} ${wasSeen}`)
  const groups = [...kinds.values()].flatMap((alike) =>
    beganTogether(alike, alike[0]?.wasSeen ? thresholds.silentSeconds : Infinity),
  )
  return groups.map((group) => group.sort((a, b) => (a.node.name < b.node.name ? -1 : 1)))
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

function ofGroup(group: Group, vantage: Vantage, fleet: Fleet): Candidate {
  const [{ node, wasSeen }] = group
  const names = group.map((one) => one.node.name)
  const isOne = names.length === 1
  const nodes = listWords(names)
  const last = group.reduce((last, { since }) => Math.max(last, since), -Infinity)
  const are = isOne ? 'is' : 'are'
  const silence = wasSeen ? `${are} silent since ${instantWords(last)}` : `${isOne ? 'has' : 'have'} never been heard`
  return {
    scope: nodesScope(fleet, names, subjectOf(vantage, isOne ? node.name : null)),
    ...common(vantage, names, node),
    title: `The ${vantage} agent${isOne ? '' : 's'} of ${nodes} ${are} silent`,
    story: isOne
      ? `Only the ${twinOf(vantage)} agent of ${nodes} reports; the other ${silence}, so what ${vantageWords(vantage)} see there is unknown.`
      : `Only the ${twinOf(vantage)} agents of ${nodes} report; the others ${silence}, so what ${vantageWords(vantage)} see there is unknown.`,
    since: group.reduce((first, { since }) => Math.min(first, since), Infinity),
  }
}

function ofCluster(silent: readonly Silent[], vantage: Vantage): Candidate {
  const since = silent.reduce((last, one) => Math.max(last, one.since), 0)
  return {
    scope: clusterScope(subjectOf(vantage, null)),
    ...common(vantage, [], silent[0]?.node),
    title: `The ${vantage} agent of every node is silent`,
    story: `Only the ${twinOf(vantage)} agents of ${countWords(silent.length, 'node')} report; the others are silent since ${instantWords(since)}, so what ${vantageWords(vantage)} see is unknown.`,
    since,
  }
}

const causes: Readonly<Record<Vantage, string>> = {
  pod: 'Its pod does not run; or it runs and pods there do not reach the aggregator (no pod network, a node that is cut off from it, a policy): then the same fault keeps it from telling, and what it has buffered tells which it is.',
  host: 'Its pod does not run; or it runs and the host does not reach the aggregator (a firewall, or ClusterIPs that do not work from the host): then what it has buffered tells which it is.',
}

/** @param names of the nodes; [] of all @param node one of them */
function common(
  vantage: Vantage,
  names: readonly string[],
  node: FleetNode | undefined,
): Pick<Candidate, 'severity' | 'confidence' | 'evidence' | 'cause' | 'confirm' | 'remedy'> {
  const selector = `app.kubernetes.io/component=${agentComponent(vantage)}`
  const confirm =
    node === undefined || node.ready === null
      ? [`is the ${vantage} agent running, and does it reach this aggregator?`]
      : [
          `kubectl get pod -A -o wide -l ${selector}${names.length === 1 ? ` --field-selector spec.nodeName=${node.name}` : ''}`,
          `kubectl -n oddnode logs -l ${selector} --tail=20 --prefix`,
        ]
  return {
    severity: vantage === 'pod' ? 'critical' : 'warning',
    confidence: 'certain',
    evidence: [],
    cause: causes[vantage],
    confirm,
    remedy:
      vantage === 'pod'
        ? "If its pod runs, repair the node's pod network: pods there do not reach the aggregator. Else repair the pod."
        : "If its pod runs, repair the host's way to the aggregator. Else repair the pod.",
  }
}

/** Until when nothing was heard of a node: its agents do not come back in the same second. */
function unseenUntil(fleet: Fleet, { name }: FleetNode): number {
  const open = [...fleet.findings.values()].filter(
    ({ fault, scope, ended }) => fault === nodeNotObserved.name && ended === null && scope.nodes.includes(name),
  )
  return open.reduce((last, { lastSeen }) => Math.max(last, Date.parse(lastSeen) / 1000), backSince(fleet, name))
}
