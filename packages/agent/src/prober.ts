import { askPair, askTcp, askUdp, type DnsAsk, type ProbeContext, questionFor } from '@oddnode/probes'
import { type Observation, observationOf, type Plan, type PlannedProbe, type SocketKind } from '@oddnode/protocol'
import type { FixedPorts } from './fixed-ports.ts'

/** How a probe is asked this time. */
export type Asking = {
  /** How often this probe was asked before: some questions go through names in turn. */
  turn: number
  /** Over UDP; `pair` always connects. */
  socket: SocketKind
  /** For probes from a source port that the agent keeps for its life. */
  fixedPorts: FixedPorts
  signal: AbortSignal
}

/** Asks one probe of a plan. Never rejects but for a programming error: an answer, or what came instead of one, is an observation. */
export function probePlanned(plan: Plan, probe: PlannedProbe, asking: Asking): Promise<Observation> {
  const ask = askOf(plan, probe, asking)
  if (!ask) return Promise.resolve(observationOf('local-error', { error: 'the plan lacks what this probe needs' }))
  const context: ProbeContext = {
    signal: asking.signal,
    deadlineSeconds: plan.deadlineSeconds,
    closeSeconds: plan.closeSeconds,
  }
  if (probe.question === 'pair') return askPair(ask, context)
  return probe.transport === 'tcp' ? askTcp(ask, context) : askUdp(ask, context)
}

/** @returns null if the plan names a target or a question that it does not have: `makePlan` made no such plan */
function askOf(plan: Plan, probe: PlannedProbe, { turn, socket, fixedPorts }: Asking): DnsAsk | null {
  const target = plan.targets[probe.target]
  const question = questionFor(probe.question, plan.names, turn)
  if (!target || !question) return null
  return {
    address: target.address,
    port: target.port,
    question,
    socket,
    ...(probe.edns ? { edns: probe.edns } : {}),
    ...(probe.sourcePort === 'fixed' ? { sourcePort: fixedPorts(target) } : {}),
  }
}
