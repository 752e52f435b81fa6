import { type FleetAgent, faults } from '@oddnode/diagnosis'
import { states, type Vantage, vantages } from '@oddnode/protocol'
import { type Family, headOf, seriesOf } from './metrics-text.ts'
import type { Moment, NodeSummary } from './report/model/moment.ts'

/** As much of a moment as is exported. */
export type ReadMoment = Pick<Moment, 'nodes'> & { head: Pick<Moment['head'], 'findings'> }

/** What the metrics of the fleet are read from. */
export type FleetReading = {
  /** What the report says now. */
  moment: ReadMoment
  /** Those that ever pushed. */
  agents: readonly Pick<FleetAgent, 'node' | 'vantage' | 'lastSeen'>[]
  /** Seconds on the clock of `lastSeen`. */
  now: number
  /** Agents of a vantage whose pushes were refused lately. */
  rejected: (vantage: Vantage) => number
}

const finding: Family = {
  name: 'oddnode_finding_active',
  help: '1 for each open finding and node; node is empty for one that names none: of a server, of the cluster.',
  labels: ['fault', 'severity', 'scope', 'node'],
}
const faultInfo: Family = {
  name: 'oddnode_fault_info',
  help: 'Always 1; what a fault is, in one sentence, for the texts of alerts.',
  labels: ['fault', 'about'],
}
const agentCount: Family = {
  name: 'oddnode_agents',
  help: 'Agents by vantage and status; expected are all that ought to report.',
  labels: ['vantage', 'status'],
}
const nodeState: Family = {
  name: 'oddnode_node_state',
  help: '1 for the state that a node is in, 0 for the others.',
  labels: ['node', 'state'],
}
const clockOffset: Family = {
  name: 'oddnode_node_clock_offset_seconds',
  help: "Offset of a node's clock, as the report tells it; + is ahead.",
  labels: ['node'],
}
const clockUncertainty: Family = {
  name: 'oddnode_node_clock_uncertainty_seconds',
  help: 'Uncertainty of that offset, either way.',
  labels: ['node'],
}
const pushAge: Family = {
  name: 'oddnode_agent_last_push_age_seconds',
  help: 'Seconds since the last push of an agent was received.',
  labels: ['node', 'vantage'],
}

/** All that are written here. */
export const fleetFamilies: readonly Family[] = [
  finding,
  faultInfo,
  agentCount,
  nodeState,
  clockOffset,
  clockUncertainty,
  pushAge,
]

/**
 * The metrics of the fleet in the text format of Prometheus, in small pieces: of 10,000 nodes they are 5 MB, and pushes come between. What is
 * gone from the fleet leaves no series behind.
 */
export function* fleetMetrics({ moment, agents, now, rejected }: FleetReading): Generator<string, void, void> {
  yield headOf(finding)
  yield* findingSeries(moment)
  yield headOf(faultInfo)
  yield faultSeries
  yield headOf(agentCount)
  yield* agentSeries(moment.nodes, rejected)
  yield headOf(nodeState)
  for (const { name, state } of moment.nodes) {
    for (const one of states) yield seriesOf(nodeState, [name, one], one === state ? 1 : 0)
  }
  yield headOf(clockOffset)
  yield* clockSeries(clockOffset, moment.nodes, ({ offsetSeconds }) => offsetSeconds)
  yield headOf(clockUncertainty)
  yield* clockSeries(clockUncertainty, moment.nodes, ({ uncertaintySeconds }) => uncertaintySeconds)
  yield headOf(pushAge)
  for (const { node, vantage, lastSeen } of agents)
    yield seriesOf(pushAge, [node, vantage], Math.max(0, now - lastSeen))
}

/** Two findings of one fault, say about two servers, are one series: a scraper takes none twice. */
function* findingSeries({ head }: ReadMoment): Generator<string, void, void> {
  const told = new Set<string>()
  for (const { fault, severity, scope, ended } of head.findings) {
    if (ended !== null) continue
    for (const node of scope.nodes.length === 0 ? [''] : scope.nodes) {
      const series = seriesOf(finding, [fault, severity, scope.kind, node], 1)
      if (!told.has(series)) yield series
      told.add(series)
    }
  }
}

const faultSeries = faults.map(({ name, about }) => seriesOf(faultInfo, [name, firstSentence(about)], 1)).join('')

function firstSentence(text: string): string {
  return /^.*?[.](?= |$)/.exec(text)?.[0] ?? text
}

/** Each status from the start, whether there is such an agent or not. */
function* agentSeries(
  nodes: readonly NodeSummary[],
  rejected: FleetReading['rejected'],
): Generator<string, void, void> {
  for (const vantage of vantages) {
    const counts = { expected: 0, reporting: 0, silent: 0, stopped: 0 }
    for (const { agents } of nodes) {
      const agent = agents.find((one) => one.vantage === vantage)
      if (agent === undefined) continue
      counts.expected++
      if (agent.status !== 'expected') counts[agent.status]++
    }
    for (const [status, count] of Object.entries({ ...counts, rejected: rejected(vantage) }))
      yield seriesOf(agentCount, [vantage, status], count)
  }
}

/** A clock that is not measured has no series: 0 would be an offset. */
function* clockSeries(
  family: Family,
  nodes: readonly NodeSummary[],
  secondsOf: (clock: NodeSummary['clock']) => number | null,
): Generator<string, void, void> {
  for (const { name, clock } of nodes) {
    const seconds = secondsOf(clock)
    if (seconds !== null) yield seriesOf(family, [name], seconds)
  }
}
