import { byCount } from '../clock-words.ts'
import type { Candidate, Fault, View } from '../fault.ts'
import type { Fleet, FleetNode } from '../fleet.ts'
import { clusterScope, nodesScope } from '../scope.ts'
import { agentsOf, beganTogether, hasListened, isNew, isSilent, quietNodes } from '../silence.ts'
import { countWords, instantWords, listWords } from '../words.ts'

/** A node of which nothing is heard. */
type Unheard = { node: FleetNode; since: number; wasSeen: boolean }

/** A-01: a node is expected, and neither of its agents pushes. */
export const nodeNotObserved: Fault = {
  name: 'node-not-observed',
  tier: 1,
  about: 'Nothing is heard from a node that should report: neither of its agents pushes.',
  cause:
    'A node that Kubernetes calls NotReady is down or cut off. A node that is Ready has no agents that run (a taint that they do not tolerate, their image, a quota), or these have no way to the aggregator.',
  remedy: "Repair the node where Kubernetes calls it NotReady; else look at the agents' tolerations, image and quota.",
  references: ['https://kubernetes.io/docs/reference/node/node-status/#condition'],
  notTakenFor: { 'vantage-silent': 'there one of the two agents still reports' },
  rules: [],
  candidates: (view) => {
    const { fleet, at } = view
    if (!hasListened(fleet, at)) return []
    const unheard = quietNodes(view).flatMap((node) => unheardOf(node, view) ?? [])
    if (unheard.length > 1 && unheard.length === countAwaited(view)) return [ofCluster(unheard)]
    return groupsOf(unheard, fleet).map((group) => ofGroup(group, fleet))
  },
  isOver: ({ scope }, { fleet, at }) => {
    const isHeard = (name: string) =>
      agentsOf(fleet, name).some(({ lastSeen, stopped }) => stopped || at - lastSeen <= fleet.thresholds.silentSeconds)
    if (scope.kind === 'cluster') return fleet.nodes.size === 0 || [...fleet.nodes.keys()].some(isHeard)
    return scope.nodes.filter((name) => fleet.nodes.has(name)).every(isHeard)
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

/** All nodes but those that are too young to have been heard. */
const countAwaited = ({ fleet, at }: View): number =>
  [...fleet.nodes.values()].filter((node) => agentsOf(fleet, node.name).length > 0 || !isNew(fleet, node, at)).length

type Group = readonly [Unheard, ...Unheard[]]

/**
 * Nodes that fell silent together are one finding, and so are those that never had an agent. Those that are cordoned are told apart: that
 * they are gone is no news.
 */
function groupsOf(unheard: readonly Unheard[], { thresholds }: Fleet): Group[] {
  const kinds = Map.groupBy(unheard, ({ node, wasSeen }) => `${node.cordoned} ${wasSeen || `never ${node.ready}`}`)
  const groups = [...kinds.values()].flatMap((alike) =>
    beganTogether(alike, alike[0]?.wasSeen ? thresholds.silentSeconds : Infinity),
  )
  return groups.map((group) => group.sort((a, b) => (a.node.name < b.node.name ? -1 : 1)))
}

function ofGroup(group: Group, fleet: Fleet): Candidate {
  const [{ wasSeen }] = group
  const names = group.map(({ node }) => node.name)
  const nodes = listWords(names)
  const has = byCount(names, 'has', 'have')
  const last = group.reduce((last, { since }) => Math.max(last, since), -Infinity)
  return {
    scope: nodesScope(fleet, names),
    severity: wasSeen ? 'critical' : 'warning',
    confidence: 'certain',
    title: wasSeen ? `Nothing is heard from ${nodes}` : `${nodes} ${has} no agent`,
    story: wasSeen
      ? `Nothing has been heard from ${nodes} since ${instantWords(last)}${readyWords(group)}.`
      : `${nodes} ${has} no agent: no push has ever come from ${byCount(names, 'it', 'them')}${readyWords(group)}.`,
    since: group.reduce((first, { since }) => Math.min(first, since), Infinity),
    evidence: [],
    cause: causeOf(group),
    confirm: confirmOf(names, group[0].node.ready !== null),
    remedy: remedyOf(group),
  }
}

/** What Kubernetes says of them; nothing outside of it. */
function readyWords(group: Group): string {
  const notReady = group.filter(({ node }) => node.ready === false).length
  if (group.some(({ node }) => node.ready === null)) return ''
  if (group.length === 1) return `; Kubernetes calls it ${notReady === 1 ? 'NotReady' : 'Ready'}`
  if (notReady > 0 && notReady < group.length) return `; Kubernetes calls ${notReady} of them NotReady`
  return `; Kubernetes calls them ${notReady > 0 ? 'NotReady' : 'Ready'}`
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
    cause:
      'All nodes at once: it is what they have in common, the aggregator with its Service and the network policies before it, or the DaemonSets of the agents.',
    confirm: confirmOf(first === undefined ? [] : [first.node.name], first?.node.ready !== null),
    remedy: "Look at the aggregator's Service and network policy, then at the agents' DaemonSets.",
  }
}

/** Where an agent serves its metrics unless told otherwise (`listen`). */
const AGENT_METRICS = 'http://127.0.0.1:9530/metrics'

const MOST_ASKED = 10

function confirmOf(names: readonly string[], inKubernetes: boolean): string[] {
  const [first = 'NODE'] = names
  if (!inKubernetes)
    return [`on ${first}: curl -sm2 ${AGENT_METRICS} | grep oddnode_pushes_total # nothing: no agent runs there`]
  const selector = names.length === 1 ? ` --field-selector spec.nodeName=${first}` : ''
  return [
    `kubectl get node ${names.slice(0, MOST_ASKED).join(' ')}; kubectl get pod -A -o wide -l app.kubernetes.io/name=oddnode${selector}`,
  ]
}

function causeOf(group: Group): string {
  const [{ node, wasSeen }] = group
  const isOne = group.length === 1
  if (node.ready === null) return 'The agents do not run there, or have no way to the aggregator.'
  if (isDown(group))
    return isOne
      ? 'The node is down, or cut off from the cluster: Kubernetes does not hear from it either.'
      : 'Nodes that fall silent together have something in common: a zone, a rack, a switch, a hypervisor. Kubernetes does not hear from them either.'
  const runs = isOne ? 'The node itself runs: its agents' : 'The nodes themselves run: their agents'
  return wasSeen
    ? `${runs} were evicted or cannot start, or lost their way to the aggregator.`
    : `${runs} were never placed there (a taint that they do not tolerate, a quota), cannot start (their image), or have no way to the aggregator.`
}

/** Kubernetes does not hear from them either, or not from some of them yet. */
const isDown = (group: Group): boolean => group.some(({ node }) => node.ready === false)

function remedyOf(group: Group): string {
  if (group[0].node.ready === null) return 'Start the agent there, or repair its way to the aggregator.'
  if (!isDown(group)) return "Look at the agents' tolerations, image and quota."
  return group.length === 1
    ? 'Repair the node: Kubernetes does not hear from it either.'
    : 'Repair what these nodes have in common, then each of them.'
}
