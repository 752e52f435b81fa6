import type { Finding, Scope, State, Verdict } from '@oddnode/protocol'
import { visibleFindings } from './evaluate.ts'
import { agentKey, type Fleet, type FleetNode } from './fleet.ts'
import { agentStatus, countProbes } from './node-state.ts'
import { hasListened, isRemembered } from './silence.ts'
import { areCordoned } from './telling.ts'
import { countWords, instantWords, ofWords } from './words.ts'

type Counts = Pick<Verdict, 'nodes' | 'agents' | 'probes'>

/** Names of nodes on which some probe fails; without those that are cordoned. */
type FailingNodes = readonly string[]

/**
 * The first line of the report as of the last input: what is wrong, or what was looked at and is well, and what was not looked at. Never
 * well without data of now: what was remembered over a restart is told as that until an agent has pushed.
 */
export function verdictOf(fleet: Fleet): Verdict {
  const tally = createTally()
  for (const node of fleet.nodes.values()) addToTally(tally, fleet, node)
  return verdictOfTally(tally, fleet)
}

/** What the verdict counts, node by node: 10,000 of them need not be counted at one stretch. */
export type Tally = Pick<Counts, 'agents' | 'probes'> & {
  expected: number
  reporting: number
  failing: string[]
  /** Agents that ever pushed, and those of them that did since the aggregator began to listen. */
  known: number
  heard: number
}

export const createTally = (): Tally => ({
  expected: 0,
  reporting: 0,
  agents: { expected: 0, reporting: 0 },
  probes: { ok: 0, degraded: 0, failing: 0, noData: 0 },
  failing: [],
  known: 0,
  heard: 0,
})

/** Counts a node; each one is counted once. */
export function addToTally(tally: Tally, fleet: Fleet, node: FleetNode): void {
  const agents = node.expected.map((vantage) => fleet.agents.get(agentKey(node.name, vantage)))
  const reporting = agents.filter((agent) => agentStatus(fleet, node, agent, fleet.now) === 'reporting')
  tally.expected++
  tally.agents.expected += agents.length
  tally.agents.reporting += reporting.length
  if (reporting.length > 0) tally.reporting++
  let fails = false
  for (const agent of agents) {
    if (agent === undefined) continue
    tally.known++
    if (!isRemembered(fleet, agent)) tally.heard++
    const probes = countProbes(agent)
    for (const key of ['ok', 'degraded', 'failing', 'noData'] as const) tally.probes[key] += probes[key]
    fails ||= probes.failing > 0
  }
  if (fails && !node.cordoned) tally.failing.push(node.name)
}

/** The verdict over the nodes that were counted. */
export function verdictOfTally(tally: Tally, fleet: Fleet): Verdict {
  const { expected, reporting, agents, probes, failing } = tally
  const isAllRemembered = tally.known > 0 && tally.heard === 0
  const findings = visibleFindings(fleet)
  const scopes = findings.map(({ scope }) => scope)
  const nodes = { expected, reporting, odd: oddNodes(fleet, scopes).size }
  const counts = { nodes, agents, probes }
  if (findings.length === 0 && isAllRemembered)
    return {
      state: 'no-data',
      sentence: `Nothing is known of now: ${notHeard(fleet)} No finding was open before.`,
      ...counts,
    }
  const remembered = isAllRemembered && !hasListened(fleet, fleet.now) ? ` It is as remembered: ${notHeard(fleet)}` : ''
  return {
    state: stateOf(findings, counts, failing, fleet),
    sentence: `${sentenceOf(findings, counts, failing.toSorted(), fleet)}${remembered}`,
    ...counts,
  }
}

/** Names of known nodes that differ. */
function oddNodes({ nodes }: Fleet, scopes: readonly Scope[]): ReadonlySet<string> {
  return new Set(scopes.flatMap((scope) => scope.nodes).filter((name) => nodes.has(name)))
}

/** A cordoned node is told, and alarms nobody. */
function stateOf(findings: readonly Finding[], { probes }: Counts, failingNodes: FailingNodes, fleet: Fleet): State {
  const severe = findings.some(
    ({ severity, evidence, scope }) =>
      severity === 'critical' || (!areCordoned(fleet, scope) && evidence.some(({ state }) => state === 'failing')),
  )
  if (severe) return 'failing'
  if (failingNodes.length > 0 || findings.some(({ severity }) => severity === 'warning')) return 'degraded'
  return probes.ok + probes.degraded > 0 ? 'ok' : 'no-data'
}

/** It began with its start, or after it stood still. */
const notHeard = ({ listeningSince }: Fleet) =>
  `no agent has pushed since this aggregator began to listen at ${instantWords(listeningSince)}.`

function sentenceOf(findings: readonly Finding[], counts: Counts, failingNodes: FailingNodes, fleet: Fleet): string {
  const [worst] = findings
  if (worst === undefined)
    return failingNodes.length > 0 ? undecidedSentence(counts, failingNodes) : wellSentence(counts)
  return `${whereSentence(worst, counts, fleet)}${worst.story}${moreSentence(findings, counts, fleet)}${unseen(counts)}`
}

/**
 * How many nodes differ, by any finding. Where the worst is about the cluster, or about a server that fails whoever asks, and of one machine,
 * a story of a part of the nodes would be untrue.
 */
function whereSentence({ scope }: Finding, { nodes: { odd, expected } }: Counts, fleet: Fleet): string {
  return oddNodes(fleet, [scope]).size > 0 && expected > 1 ? `${ofWords(odd, expected, 'node')} ${differ(odd)}: ` : ''
}

/** What else is wrong, so that who came for it knows: the worst of another kind by its title, and how many more findings there are. */
function moreSentence(
  [worst, ...rest]: readonly Finding[],
  { nodes: { odd, expected } }: Counts,
  fleet: Fleet,
): string {
  if (worst === undefined || rest.length === 0) return ''
  const other = otherKind(worst, rest)
  const left = rest.length - (other === null ? 0 : 1)
  const more = left === 0 ? [] : [countWords(left, 'more finding')]
  const also = [...(other === null ? [] : [other.title]), ...more].join('; and ')
  const isCounted = oddNodes(fleet, [worst.scope]).size > 0 || odd === 0 || expected === 1
  return ` Also: ${also}${isCounted ? '' : `; ${ofWords(odd, expected, 'node')} ${differ(odd)}`}.`
}

/** Time beside DNS, or DNS beside time, before another fault of the same matter; null where all are alike. */
function otherKind(worst: Finding, rest: readonly Finding[]): Finding | null {
  const ofOtherMatter = rest.find(({ fault }) => isAboutTime(fault) !== isAboutTime(worst.fault))
  return ofOtherMatter ?? rest.find(({ fault }) => fault !== worst.fault) ?? null
}

/** By the names of the catalogue: `node-clock-wrong`, `ntp-server-wrong`, `no-time-daemon`. */
const isAboutTime = (fault: string): boolean => /\b(clock|ntp|time)\b/.test(fault)

const differ = (count: number): string => (count === 1 ? 'differs' : 'differ')

const MOST_NAMES = 3

/** Something fails, and it is not yet known whether it is more than a passing one: never said as well, and never without the node. */
function undecidedSentence(counts: Counts, failingNodes: FailingNodes): string {
  const { ok, degraded, failing } = counts.probes
  const named = failingNodes.slice(0, MOST_NAMES).join(', ')
  const more = failingNodes.length > MOST_NAMES ? ` and ${failingNodes.length - MOST_NAMES} more` : ''
  const asked = ofWords(failing, ok + degraded + failing, 'probe')
  return `${asked} ${failing === 1 ? 'fails' : 'fail'} on ${named}${more}, and ${failing === 1 ? 'is' : 'are'} asked again until it is decided.${unseen(counts)}`
}

function wellSentence(counts: Counts): string {
  const { nodes, agents, probes } = counts
  if (nodes.expected === 0) return 'Nothing is known yet: no agent has reported.'
  const asked = probes.ok + probes.degraded + probes.failing
  const heard = `${ofWords(nodes.reporting, nodes.expected, 'node')} and ${ofWords(agents.reporting, agents.expected, 'agent')} report`
  if (asked === 0) return `Nothing is known yet: ${heard}, and no probe has enough samples that tell well from broken.`
  const rest = probes.degraded > 0 ? `, ${probes.degraded} degraded` : ''
  const well = `${ofWords(probes.ok, asked, 'probe')} with data ${probes.ok === 1 ? 'is' : 'are'} well${rest}`
  return `No finding: ${heard}, ${well}.${unseen(counts)}`
}

/** What the sentence before does not speak of. */
function unseen({ nodes, probes }: Counts): string {
  const silent = nodes.expected - nodes.reporting
  const parts = [
    ...(silent > 0 ? [`${countWords(silent, 'node')} ${silent === 1 ? 'does' : 'do'} not report`] : []),
    ...(probes.noData > 0
      ? [`${countWords(probes.noData, 'probe')} ${probes.noData === 1 ? 'has' : 'have'} no data`]
      : []),
  ]
  return parts.length === 0 ? '' : ` ${parts.join(', ')}.`
}
