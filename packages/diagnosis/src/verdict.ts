import type { Finding, State, Verdict } from '@oddnode/protocol'
import { visibleFindings } from './evaluate.ts'
import { agentKey, type Fleet } from './fleet.ts'
import { agentStatus, countProbes } from './node-state.ts'
import { countWords, ofWords } from './words.ts'

type Counts = Pick<Verdict, 'nodes' | 'agents' | 'probes'>

/** Nodes on which some probe fails, by name. */
type FailingNodes = readonly string[]

/**
 * The first line of the report as of the last input: what is wrong, or what was looked at and is well, and what was not looked at. Never
 * well without data.
 */
export function verdictOf(fleet: Fleet): Verdict {
  const findings = visibleFindings(fleet)
  const { failingNodes, ...counts } = countAll(fleet, findings)
  return { state: stateOf(findings, counts), sentence: sentenceOf(findings, counts, failingNodes), ...counts }
}

function countAll(fleet: Fleet, findings: readonly Finding[]): Counts & { failingNodes: FailingNodes } {
  const failingNodes = new Set<string>()
  const counts: Counts = {
    nodes: { expected: fleet.nodes.size, reporting: 0, odd: oddNodes(fleet, findings) },
    agents: { expected: 0, reporting: 0 },
    probes: { ok: 0, degraded: 0, failing: 0, noData: 0 },
  }
  for (const node of fleet.nodes.values()) {
    const agents = node.expected.map((vantage) => fleet.agents.get(agentKey(node.name, vantage)))
    const reporting = agents.filter((agent) => agentStatus(fleet, node, agent, fleet.now) === 'reporting')
    counts.agents.expected += agents.length
    counts.agents.reporting += reporting.length
    if (reporting.length > 0) counts.nodes.reporting++
    for (const agent of agents) {
      if (agent === undefined) continue
      const probes = countProbes(agent)
      for (const key of ['ok', 'degraded', 'failing', 'noData'] as const) counts.probes[key] += probes[key]
      if (probes.failing > 0) failingNodes.add(node.name)
    }
  }
  return { ...counts, failingNodes: [...failingNodes].sort() }
}

function oddNodes(fleet: Fleet, findings: readonly Finding[]): number {
  const named = new Set(findings.flatMap(({ scope }) => scope.nodes))
  return [...named].filter((name) => fleet.nodes.has(name)).length
}

function stateOf(findings: readonly Finding[], { probes }: Counts): State {
  const severe = findings.some(
    ({ severity, evidence }) => severity === 'critical' || evidence.some(({ state }) => state === 'failing'),
  )
  if (severe) return 'failing'
  if (probes.failing > 0 || findings.some(({ severity }) => severity === 'warning')) return 'degraded'
  return probes.ok + probes.degraded > 0 ? 'ok' : 'no-data'
}

function sentenceOf(findings: readonly Finding[], counts: Counts, failingNodes: FailingNodes): string {
  const [worst] = findings
  if (worst === undefined)
    return failingNodes.length > 0 ? undecidedSentence(counts, failingNodes) : wellSentence(counts)
  const { odd, expected } = counts.nodes
  const where = odd > 0 && expected > 1 ? `${ofWords(odd, expected, 'node')} ${odd === 1 ? 'differs' : 'differ'}: ` : ''
  const more = findings.length > 1 ? ` And ${countWords(findings.length - 1, 'more finding')}.` : ''
  return `${where}${worst.story}${more}${unseen(counts)}`
}

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
  if (asked === 0) return `Nothing is known yet: ${heard}, and no probe has enough samples.`
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
