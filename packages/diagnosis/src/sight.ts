import type { Facts, Plan, Question, Role, SourcePort, Target, Transport, Vantage } from '@oddnode/protocol'
import { type Cell, cellOf } from './cell.ts'
import { agentKey, type Fleet, type FleetAgent, type FleetNode } from './fleet.ts'
import { isSilent } from './silence.ts'
import { type Truth, truth } from './truth.ts'

/** What a signature looks at on one node. A silent agent is none: what it saw last says nothing about now. */
export type Sight = {
  fleet: Fleet
  /** Seconds on the aggregator's clock. */
  at: number
  node: FleetNode
  agents: Readonly<Record<Vantage, FleetAgent | null>>
}

export function sightOf(fleet: Fleet, node: FleetNode, at: number): Sight {
  const heard = (vantage: Vantage) => {
    const agent = fleet.agents.get(agentKey(node.name, vantage))
    return agent === undefined || agent.stopped || isSilent(fleet, node, agent, at) ? null : agent
  }
  return { fleet, at, node, agents: { host: heard('host'), pod: heard('pod') } }
}

/** Which probes of a node make up a cell of the matrix. */
export type Which = {
  vantage: Vantage
  role: Role
  /** Absent: every server of the role. */
  address?: string
  /** Absent: both. */
  transport?: Transport
  /** Absent: `kubernetes`, `version` and `missing`; of an upstream `external`, or `invalid` where no name is known, of the API server `connect`. */
  question?: Question
  /** Only with `large`. */
  size?: number
  /** Absent: `fresh`. */
  sourcePort?: SourcePort
}

const baseQuestions: readonly Question[] = ['kubernetes', 'version', 'missing']
const questionsOf = ({ role, question }: Which): readonly Question[] => {
  if (question !== undefined) return [question]
  if (role === 'upstream') return ['external', 'invalid']
  return role === 'api-server' ? ['connect'] : baseQuestions
}

/** The probes of a cell, as they are planned; those that are asked only after a truncated answer are left out. */
export function cellsOf(sight: Pick<Sight, 'agents'>, which: Which): Cell[] {
  const agent = sight.agents[which.vantage]
  if (agent === null) return []
  const questions = questionsOf(which)
  const cells = everyCell(sight.agents, which.vantage)
  return probesOf(agent.plan, which.role)
    .flatMap((probe) => cells[probe] ?? [])
    .filter(({ planned, target }) => {
      if (which.address !== undefined && target.address !== which.address) return false
      if (which.transport !== undefined && planned.transport !== which.transport) return false
      if (which.size !== undefined && planned.size !== which.size) return false
      if (planned.onlyAfterTruncation || planned.sourcePort !== (which.sourcePort ?? 'fresh')) return false
      // It asks who answers, once in a while: not whether somebody does.
      if (planned.edns?.nsid && which.question !== 'identity') return false
      return questions.includes(planned.question)
    })
}

/** Every probe of one vantage, or of one server from there. */
export function allCells(
  sight: Pick<Sight, 'agents'>,
  vantage: Vantage,
  target?: Pick<Target, 'role' | 'address'>,
): readonly Cell[] {
  const cells = everyCell(sight.agents, vantage)
  return target === undefined
    ? cells
    : cells.filter((cell) => cell.target.role === target.role && cell.target.address === target.address)
}

/** The servers of a role that either agent of the node asks, each once, host's first. */
export function targetsOf({ agents }: Pick<Sight, 'agents'>, role: Role): Target[] {
  const host = agents.host?.plan.targets.filter((target) => target.role === role) ?? []
  const pod = agents.pod?.plan.targets.filter((target) => target.role === role) ?? []
  const isOfHost = ({ address, port }: Target) => host.some((one) => one.address === address && one.port === port)
  return [...host, ...pod.filter((target) => !isOfHost(target))]
}

/** Many rules look at the same cells of one sight: they are made once for it. */
const cellsOfSight = new WeakMap<Sight['agents'], Partial<Record<Vantage, readonly Cell[]>>>()

function everyCell(agents: Sight['agents'], vantage: Vantage): readonly Cell[] {
  const known = cellsOfSight.get(agents) ?? {}
  cellsOfSight.set(agents, known)
  const agent = agents[vantage]
  known[vantage] ??= agent === null ? [] : agent.plan.probes.map((_, probe) => cellOf(agent, probe))
  return known[vantage]
}

/** The facts of a vantage; null where it told none. */
export const factsOf = ({ agents }: Pick<Sight, 'agents'>, vantage: Vantage): Facts | null =>
  agents[vantage]?.facts ?? null

/** Fact F2: this address lives on the node. Where IPVS owns every ClusterIP that proves nothing of these; node-local DNS owns its own address. */
export function local(sight: Pick<Sight, 'agents'>, address: string): Truth {
  const { localAddresses, network } = factsOf(sight, 'host') ?? {}
  if (localAddresses === undefined) return 'no-data'
  const isProof = network?.ipvs !== true || targetsOf(sight, 'node-local').some((target) => target.address === address)
  return truth(localAddresses.includes(address) && isProof)
}

const byRole = new WeakMap<Plan, Map<Role, number[]>>()

/** The probes of a plan that ask servers of a role; worked out once for each plan object. */
function probesOf(plan: Plan, role: Role): readonly number[] {
  const known = byRole.get(plan)
  if (known !== undefined) return known.get(role) ?? []
  const probes = new Map<Role, number[]>()
  for (const [probe, planned] of plan.probes.entries()) {
    const target = plan.targets[planned.target]
    if (target !== undefined) probes.set(target.role, [...(probes.get(target.role) ?? []), probe])
  }
  byRole.set(plan, probes)
  return probes.get(role) ?? []
}
