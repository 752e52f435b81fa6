import { type Finding, type Severity, type State, states } from '@oddnode/protocol'
import { nodeClock, type Offset } from './clock-offsets.ts'
import { nodeClockWrong } from './faults/node-clock-wrong.ts'
import { agentKey, type Fleet, type FleetAgent, type FleetNode } from './fleet.ts'
import { isSilent } from './silence.ts'

export type AgentStatus = 'expected' | 'reporting' | 'silent' | 'stopped'

/** How an agent is heard. @param agent undefined where it never pushed */
export function agentStatus(fleet: Fleet, node: FleetNode, agent: FleetAgent | undefined, at: number): AgentStatus {
  if (agent === undefined) return 'expected'
  if (agent.stopped) return 'stopped'
  return isSilent(fleet, node, agent, at) ? 'silent' : 'reporting'
}

/** How many probes are in each state. */
export type ProbeCounts = Record<'ok' | 'degraded' | 'failing' | 'noData', number>

/** A probe that is asked only after a truncated answer, and was never asked, is not missing. */
export function countProbes({ plan, windows }: Pick<FleetAgent, 'plan' | 'windows'>): ProbeCounts {
  const counts: ProbeCounts = { ok: 0, degraded: 0, failing: 0, noData: 0 }
  for (const [probe, { onlyAfterTruncation }] of plan.probes.entries()) {
    if (onlyAfterTruncation && windows.samples.count[probe] === 0) continue
    counts[countKey(states[windows.state[probe] as number] as State)]++
  }
  return counts
}

const countKey = (state: State): keyof ProbeCounts => (state === 'no-data' ? 'noData' : state)

/** The state of an agent: the worst of its probes; no-data where it is silent or stopped, or where no probe has any. */
export function agentState(fleet: Fleet, node: FleetNode, agent: FleetAgent | undefined, at: number): State {
  if (agent === undefined || agentStatus(fleet, node, agent, at) !== 'reporting') return 'no-data'
  const { ok, degraded, failing } = countProbes(agent)
  if (failing > 0) return 'failing'
  if (degraded > 0) return 'degraded'
  return ok > 0 ? 'ok' : 'no-data'
}

/**
 * The state of a node: failing or degraded if one of its agents or its clock is, or if a finding names it; no-data while one of its expected
 * agents has none. Ok is said only of what was measured.
 */
export function nodeState(fleet: Fleet, node: FleetNode, at: number): State {
  const agents = node.expected.map((vantage) =>
    agentState(fleet, node, fleet.agents.get(agentKey(node.name, vantage)), at),
  )
  const known = agents.filter((state) => state !== 'no-data')
  if (known.includes('failing') || isNamed(fleet, node.name, 'critical')) return 'failing'
  if (known.includes('degraded') || isNamed(fleet, node.name, 'warning')) return 'degraded'
  return known.length > 0 && known.length === agents.length ? 'ok' : 'no-data'
}

function isNamed(fleet: Fleet, node: string, severity: Severity): boolean {
  return openFindings(fleet).some((finding) => finding.severity === severity && finding.scope.nodes.includes(node))
}

const openFindings = (fleet: Fleet): Finding[] => [...fleet.findings.values()].filter(({ ended }) => ended === null)

/** A node's clock as it is told: the surest reading, NTP before the aggregator. */
export type ClockState = { reading: Offset | null; state: State }

/**
 * The state of a node's clock: failing, or degraded (info), where a finding says that it is off, since one reading alone may be the
 * reference's fault; no-data without a fresh reading.
 */
export function clockState(fleet: Fleet, node: FleetNode, at: number): ClockState {
  const { aggregator, ntp } = nodeClock(fleet, node, at)
  const surest = [...ntp].sort((a, b) => a.uncertaintySeconds - b.uncertaintySeconds)[0]
  const reading = surest ?? aggregator
  const finding = openFindings(fleet).find(
    ({ fault, scope }) => fault === nodeClockWrong.name && scope.nodes.includes(node.name),
  )
  if (finding !== undefined) return { reading, state: finding.severity === 'info' ? 'degraded' : 'failing' }
  return { reading, state: reading === null ? 'no-data' : 'ok' }
}
