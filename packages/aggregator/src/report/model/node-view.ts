import {
  agentKey,
  agentState,
  agentStatus,
  type ClockReading,
  clockState,
  type Fleet,
  type FleetAgent,
  type FleetNode,
  type Named,
  namedNodes,
  nodeState,
  probeState,
} from '@oddnode/diagnosis'
import {
  type Plan,
  type PlannedProbe,
  type ReportAgent,
  type ReportClock,
  type ReportNode,
  type ReportProbe,
  rcodeName,
  type Vantage,
  visibleDeep,
  visibleText,
} from '@oddnode/protocol'

/** A node with its agents and its clock, as of the last evaluation. @param named what open findings say of it */
export function nodeView(fleet: Fleet, node: FleetNode, named = namedNodes(fleet).get(node.name)): ReportNode {
  return {
    name: visibleText(node.name),
    state: nodeState(fleet, node, fleet.now, named),
    ready: node.ready,
    attributes: visibleDeep(node.attributes),
    clock: clockView(fleet, node, named),
    agents: node.expected.map((vantage) => agentView(fleet, node, vantage)),
  }
}

function agentView(fleet: Fleet, node: FleetNode, vantage: Vantage): ReportAgent {
  const agent = fleet.agents.get(agentKey(node.name, vantage))
  if (!agent) {
    return {
      vantage,
      state: 'no-data',
      status: 'expected',
      lastSeen: null,
      version: null,
      droppedRounds: 0,
      facts: null,
      probes: [],
    }
  }
  return {
    vantage,
    state: agentState(fleet, node, agent, fleet.now),
    status: agentStatus(fleet, node, agent, fleet.now),
    lastSeen: instantOf(agent.lastSeen),
    version: visibleText(agent.version),
    droppedRounds: agent.droppedRounds,
    facts: visibleDeep(agent.facts),
    probes: agent.plan.probes.flatMap((planned, probe) => probeView(agent, planned, probe) ?? []),
  }
}

/** Null for a probe that is only asked after another one, and was not. */
function probeView({ plan, windows }: FleetAgent, planned: PlannedProbe, probe: number): ReportProbe | null {
  const seen = probeState(windows, probe)
  if (planned.onlyAfterTruncation && seen.asked === 0) return null
  return {
    target: targetView(plan, planned.target),
    transport: planned.transport,
    question: planned.question,
    variant: variantOf(planned),
    state: seen.state,
    reason: seen.reason,
    outcome: seen.outcome,
    outcomes: seen.outcomes as Record<string, number>,
    rcode: seen.rcode === null ? null : rcodeName(seen.rcode),
    answered: seen.answered,
    asked: seen.asked,
    medianSeconds: seen.medianSeconds,
    since: seen.since === null ? null : instantOf(seen.since),
    lastSampleAt: seen.lastSampleAt === null ? null : instantOf(seen.lastSampleAt),
  }
}

function targetView({ targets }: Plan, index: number): ReportProbe['target'] {
  const target = targets[index]
  if (!target) throw new RangeError(`a probe names target ${index} of ${targets.length}`)
  return { role: target.role, address: addressOf(target.address, target.port), learnedFrom: target.learnedFrom }
}

/** The port only where it is not the usual one. */
function addressOf(address: string, port: number): string {
  const shown = visibleText(address)
  if (port === 53) return shown
  return shown.includes(':') ? `[${shown}]:${port}` : `${shown}:${port}`
}

/** How a probe differs from the plain one of its question, and from every other of its target. */
export function variantOf({ question, sourcePort, size, edns, name }: PlannedProbe): string | null {
  const parts = [
    ...(sourcePort === 'fixed' ? ['fixed-port'] : []),
    ...(size === undefined ? [] : [`large-${size}`]),
    ...(question === 'large' && edns === undefined ? ['no-edns'] : []),
    ...(edns?.nsid ? ['nsid'] : []),
    // Of what is asked for its size, the name says no more.
    ...(size === undefined && name !== undefined ? [visibleText(name)] : []),
  ]
  return parts.length > 0 ? parts.join(' ') : null
}

function clockView(fleet: Fleet, node: FleetNode, named: Named | undefined): ReportClock {
  const { reading, state } = clockState(fleet, node, fleet.now, named)
  const samples = node.expected.flatMap((vantage) =>
    (fleet.agents.get(agentKey(node.name, vantage))?.clocks ?? []).map((taken) => clockSampleView(vantage, taken)),
  )
  return {
    offsetSeconds: reading?.offsetSeconds ?? null,
    uncertaintySeconds: reading?.uncertaintySeconds ?? null,
    reference: reading === null ? null : visibleText(reading.reference),
    measuredAt: reading === null ? null : instantOf(reading.takenAt),
    state,
    samples,
  }
}

function clockSampleView(vantage: Vantage, { sample, takenAt }: ClockReading): ReportClock['samples'][number] {
  const { kind, address } = sample.reference
  return {
    vantage,
    reference: visibleText(kind === 'aggregator' ? kind : `${kind} ${address}`),
    outcome: sample.outcome,
    offsetSeconds: sample.offsetSeconds,
    uncertaintySeconds: sample.uncertaintySeconds,
    measuredAt: instantOf(takenAt),
    secondOpinion: sample.secondOpinion ?? null,
  }
}

const instantOf = (seconds: number) => new Date(seconds * 1000).toISOString()
