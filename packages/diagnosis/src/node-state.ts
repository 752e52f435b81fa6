import { type Severity, type State, severities, states } from '@oddnode/protocol'
import { nodeClock, type Offset } from './clock-offsets.ts'
import { nodeClockWrong } from './faults/node-clock-wrong.ts'
import { agentKey, type Fleet, type FleetAgent, type FleetNode } from './fleet.ts'
import { isRemembered, isSilent } from './silence.ts'
import type { AgentWindows } from './window.ts'

export type AgentStatus = 'expected' | 'reporting' | 'silent' | 'stopped'

/** How an agent is heard: silent also while it is only remembered. @param agent undefined where it never pushed */
export function agentStatus(fleet: Fleet, node: FleetNode, agent: FleetAgent | undefined, at: number): AgentStatus {
  if (agent === undefined) return 'expected'
  if (agent.stopped) return 'stopped'
  return isRemembered(fleet, agent) || isSilent(fleet, node, agent, at) ? 'silent' : 'reporting'
}

/** How many probes are in each state. */
export type ProbeCounts = Record<'ok' | 'degraded' | 'failing' | 'noData', number>

const counted = new WeakMap<AgentWindows, { revision: number; counts: ProbeCounts }>()

/**
 * How the probes of an agent stand; worked out again when a state changed. A probe that is asked only after a truncated answer, and was
 * never asked, is not missing.
 */
export function countProbes({ plan, windows }: Pick<FleetAgent, 'plan' | 'windows'>): Readonly<ProbeCounts> {
  const known = counted.get(windows)
  if (known?.revision === windows.revision) return known.counts
  const counts: ProbeCounts = { ok: 0, degraded: 0, failing: 0, noData: 0 }
  for (let probe = 0; probe < plan.probes.length; probe++) {
    const isAsked = windows.samples.count[probe] !== 0 || windows.held.has(probe)
    if (!isAsked && plan.probes[probe]?.onlyAfterTruncation === true) continue
    counts[countKey(states[windows.state[probe] as number] as State)]++
  }
  counted.set(windows, { revision: windows.revision, counts })
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

/** What open findings say of a node: the worst of them, and the worst that says its clock is off; null where none does. */
export type Named = { severity: Severity; clock: Severity | null }

/** The nodes that open findings name, by name: worked out once where many nodes are asked for. */
export function namedNodes({ findings }: Pick<Fleet, 'findings'>): ReadonlyMap<string, Named> {
  const named = new Map<string, Named>()
  for (const { ended, fault, severity, scope } of findings.values()) {
    if (ended !== null) continue
    const clock = fault === nodeClockWrong.name ? severity : null
    for (const name of scope.nodes) {
      const known = named.get(name)
      named.set(
        name,
        known === undefined
          ? { severity, clock }
          : { severity: worse(known.severity, severity), clock: known.clock ?? clock },
      )
    }
  }
  return named
}

const worse = (a: Severity, b: Severity): Severity => (severities.indexOf(a) <= severities.indexOf(b) ? a : b)

/**
 * The state of a node: failing or degraded if one of its agents or its clock is, or if a finding names it; no-data while one of its expected
 * agents has none. Ok is said only of what was measured.
 */
export function nodeState(fleet: Fleet, node: FleetNode, at: number, named = namedNodes(fleet).get(node.name)): State {
  const agents = node.expected.map((vantage) =>
    agentState(fleet, node, fleet.agents.get(agentKey(node.name, vantage)), at),
  )
  return stateOfNode(agents, named)
}

/** The same from the states of all its expected agents. @param named what open findings say of it */
export function stateOfNode(agents: readonly State[], named: Named | undefined): State {
  if (agents.includes('failing') || named?.severity === 'critical') return 'failing'
  if (agents.includes('degraded') || named?.severity === 'warning') return 'degraded'
  return agents.length > 0 && !agents.includes('no-data') ? 'ok' : 'no-data'
}

/** A node's clock as it is told: the surest reading, NTP before the aggregator. */
export type ClockState = { reading: Offset | null; state: State }

/**
 * The state of a node's clock: failing, or degraded (info), where a finding says that it is off, since one reading alone may be the
 * reference's fault; no-data without a fresh reading.
 */
export function clockState(
  fleet: Fleet,
  node: FleetNode,
  at: number,
  named = namedNodes(fleet).get(node.name),
): ClockState {
  const { aggregator, ntp } = nodeClock(fleet, node, at)
  const surest = [...ntp].sort((a, b) => a.uncertaintySeconds - b.uncertaintySeconds)[0]
  const reading = surest ?? aggregator
  const off = named?.clock ?? null
  if (off !== null) return { reading, state: off === 'info' ? 'degraded' : 'failing' }
  return { reading, state: reading === null ? 'no-data' : 'ok' }
}
