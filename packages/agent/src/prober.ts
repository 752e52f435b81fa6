import {
  askConnect,
  askHealth,
  askPair,
  askTcp,
  askUdp,
  type ControlAsk,
  type DnsAsk,
  type ProbeContext,
  questionFor,
} from '@oddnode/probes'
import {
  type Observation,
  observationOf,
  type Plan,
  type PlannedProbe,
  type SocketKind,
  type Target,
} from '@oddnode/protocol'
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
  const target = plan.targets[probe.target]
  if (!target) return notInPlan()
  const context: ProbeContext = {
    signal: asking.signal,
    deadlineSeconds: plan.deadlineSeconds,
    closeSeconds: plan.closeSeconds,
  }
  const control: ControlAsk = { address: target.address, port: probe.port ?? target.port }
  switch (probe.question) {
    case 'connect':
    case 'reach':
      return askConnect(control, context)
    case 'health':
      return askHealth(control, context)
    default: {
      const ask = dnsAskOf(plan, probe, target, asking)
      return ask ? probeDns(probe, ask, context) : notInPlan()
    }
  }
}

/** The plan lacks a target or a name that its probe needs: `makePlan` made no such plan. */
const notInPlan = () => Promise.resolve(observationOf('local-error', { error: 'the plan lacks what this probe needs' }))

function dnsAskOf(
  { names }: Plan,
  probe: PlannedProbe,
  target: Target,
  { turn, socket, fixedPorts }: Asking,
): DnsAsk | null {
  const question = questionFor(probe, names, turn)
  return (
    question && {
      address: target.address,
      port: target.port,
      question,
      socket,
      ...(probe.edns ? { edns: probe.edns } : {}),
      ...(probe.sourcePort === 'fixed' ? { sourcePort: fixedPorts(target) } : {}),
    }
  )
}

function probeDns({ question, transport }: PlannedProbe, ask: DnsAsk, context: ProbeContext): Promise<Observation> {
  if (question === 'pair') return askPair(ask, context)
  return transport === 'tcp' ? askTcp(ask, context) : askUdp(ask, context)
}
