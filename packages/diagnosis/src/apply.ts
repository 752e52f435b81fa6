import type { ClockSample, Plan, Round, Sample, Vantage } from '@oddnode/protocol'
import { isLatest, markApplied } from './applied-rounds.ts'
import { evaluate, type FindingChanges } from './evaluate.ts'
import { agentKey, type Fleet, type FleetAgent, type FleetNode } from './fleet.ts'
import { probeKeys } from './probe-key.ts'
import { carryWindows } from './restore.ts'
import { sameFacts } from './same-facts.ts'
import { agentsOf } from './silence.ts'
import { addSamples, createWindows, expire, type StateChange } from './window.ts'

/** A round as it was received. */
export type RoundInput = {
  node: string
  vantage: Vantage
  boot: string
  counter: number
  /** Seconds on the aggregator's clock. */
  receivedAt: number
  /** The body of the push; its columns are not read, `samples` are. */
  round: Pick<Round, 'version' | 'kind' | 'ageSeconds' | 'droppedRounds' | 'clock' | 'facts'>
  /** The round's samples, decoded. */
  samples: readonly Sample[]
  /** The plan that the samples refer to. */
  plan: Plan
}

/** The change of a probe's state, and whose probe it is. */
export type AgentStateChange = StateChange & {
  /** `agentKey`. */
  agent: string
  /** The plan that the probe's index belongs to. */
  planId: string
}

export type RoundEffect = {
  /** The round was applied before: nothing changed. */
  duplicate: boolean
  /** `agentKey`. */
  agent: string
  newAgent: boolean
  planChanged: boolean
  /** It said goodbye, or is back after one. */
  stoppedChanged: boolean
  factsChanged: boolean
  changes: AgentStateChange[]
}

/**
 * Applies a round, once: a repeat changes nothing. The agent and its node come into being with their first push.
 */
export function applyRound(fleet: Fleet, input: RoundInput): RoundEffect {
  const key = agentKey(input.node, input.vantage)
  const known = fleet.agents.get(key)
  const agent = known ?? createAgent(fleet, input)
  fleet.now = Math.max(fleet.now, input.receivedAt)
  const latest = isLatest(agent.applied, input.boot, input.counter)
  const effect: RoundEffect = {
    duplicate: !markApplied(agent.applied, input.boot, input.counter),
    agent: key,
    newAgent: known === undefined,
    planChanged: false,
    stoppedChanged: false,
    factsChanged: false,
    changes: [],
  }
  // A repeat is a sign of life all the same.
  agent.lastSeen = Math.max(agent.lastSeen, input.receivedAt)
  if (effect.duplicate) return effect
  fleet.agents.set(key, agent)
  expectNode(fleet, input)
  if (latest) {
    effect.planChanged = switchPlan(fleet, agent, input.plan)
    agent.version = input.round.version
    effect.stoppedChanged = agent.stopped !== (input.round.kind === 'goodbye')
    agent.stopped = input.round.kind === 'goodbye'
    agent.droppedRounds = input.round.droppedRounds
    effect.factsChanged = takeFacts(fleet, agent, input.round.facts)
  }
  const endedAt = input.receivedAt - input.round.ageSeconds
  takeClocks(agent, input.round.clock ?? [], endedAt)
  const samples = samplesFor(agent.plan, input.plan, input.samples)
  effect.changes = addSamples(agent.windows, agent.plan, samples, endedAt).map((change) => named(agent, change))
  return effect
}

function createAgent(fleet: Fleet, { node, vantage, receivedAt, round, plan }: RoundInput): FleetAgent {
  return {
    node,
    vantage,
    version: round.version,
    plan,
    firstSeen: receivedAt,
    lastSeen: receivedAt,
    stopped: false,
    droppedRounds: round.droppedRounds,
    windows: createWindows(plan, fleet.thresholds),
    facts: null,
    clocks: [],
    applied: new Map(),
  }
}

/** A node that pushed is expected to go on, in the vantages that it pushed from. */
function expectNode(fleet: Fleet, { node, vantage }: RoundInput): void {
  const known = fleet.nodes.get(node)
  if (known === undefined) {
    fleet.nodes.set(node, { name: node, ready: null, attributes: {}, createdAt: null, expected: [vantage] })
  } else if (!known.expected.includes(vantage)) {
    known.expected = [...known.expected, vantage].sort()
  }
}

function switchPlan(fleet: Fleet, agent: FleetAgent, plan: Plan): boolean {
  if (agent.plan.id === plan.id) return false
  agent.windows = carryWindows(agent.windows, agent.plan, plan, fleet.thresholds)
  agent.plan = plan
  return true
}

function takeFacts(fleet: Fleet, agent: FleetAgent, facts: Round['facts']): boolean {
  if (facts === undefined) return false
  const changed = !sameFacts(agent.facts, facts)
  agent.facts = facts
  const node = fleet.nodes.get(agent.node)
  // In Kubernetes the API says what a node is; elsewhere the agent does.
  if (node !== undefined && node.ready === null && facts.system !== undefined) {
    node.attributes = { ...node.attributes, kernel: facts.system.kernel, os: facts.system.os }
  }
  return changed
}

/** More than a plan names, and as many as a push carries: references of plans gone by make way. */
const MOST_REFERENCES = 32

/** Keeps the newest reading of each reference. */
function takeClocks(agent: FleetAgent, samples: readonly ClockSample[], takenAt: number): void {
  for (const sample of samples) {
    const same = agent.clocks.findIndex(({ sample: { reference } }) => sameReference(reference, sample.reference))
    const known = agent.clocks[same]
    if (known === undefined) agent.clocks.push({ sample, takenAt })
    else if (known.takenAt <= takenAt) agent.clocks[same] = { sample, takenAt }
  }
  if (agent.clocks.length > MOST_REFERENCES) {
    agent.clocks = agent.clocks.toSorted((a, b) => b.takenAt - a.takenAt).slice(0, MOST_REFERENCES)
  }
  agent.clocks.sort((a, b) => compare(referenceOf(a.sample), referenceOf(b.sample)))
}

const referenceOf = (sample: ClockSample): string => `${sample.reference.kind} ${sample.reference.address}`
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** There is one aggregator, whatever address it was pushed to. */
function sameReference(a: ClockSample['reference'], b: ClockSample['reference']): boolean {
  return a.kind === b.kind && (a.kind === 'aggregator' || a.address === b.address)
}

/** The samples of a round from before the plan changed, by their place in the plan of now; those that it does not have are left out. */
function samplesFor(plan: Plan, roundPlan: Plan, samples: readonly Sample[]): readonly Sample[] {
  if (plan.id === roundPlan.id) return samples
  const places = new Map(probeKeys(plan).map((key, probe) => [key, probe]))
  const keys = probeKeys(roundPlan)
  return samples.flatMap((sample) => {
    const probe = places.get(keys[sample.probe] ?? '')
    return probe === undefined ? [] : [{ ...sample, probe }]
  })
}

function named(agent: FleetAgent, change: StateChange): AgentStateChange {
  return { ...change, agent: agentKey(agent.node, agent.vantage), planId: agent.plan.id }
}

/**
 * Takes over what Kubernetes says. A node that is gone from it takes its agents along, and so ends its findings; one that pushes
 * but is not named yet stays while it does.
 */
export function applyNodes(fleet: Fleet, at: number, nodes: readonly FleetNode[]): void {
  fleet.now = Math.max(fleet.now, at)
  const named = new Set(nodes.map(({ name }) => name))
  for (const [name, { ready }] of fleet.nodes) {
    if (!named.has(name) && (ready !== null || !isHeard(fleet, name, at))) removeNode(fleet, name)
  }
  for (const node of nodes) fleet.nodes.set(node.name, { ...node })
}

function isHeard(fleet: Fleet, node: string, at: number): boolean {
  return agentsOf(fleet, node).some(({ lastSeen }) => at - lastSeen <= fleet.thresholds.silentSeconds)
}

function removeNode(fleet: Fleet, name: string): void {
  fleet.nodes.delete(name)
  fleet.agents.delete(agentKey(name, 'host'))
  fleet.agents.delete(agentKey(name, 'pod'))
}

export type TickEffect = { changes: AgentStateChange[]; findings: FindingChanges }

/** Lets time pass: what is stale becomes no-data, and the findings are worked out. */
export function applyTick(fleet: Fleet, at: number): TickEffect {
  fleet.now = Math.max(fleet.now, at)
  const changes: AgentStateChange[] = []
  // What was restored can be called stale only after somebody had the time to report.
  if (at - fleet.listeningSince >= fleet.thresholds.staleSeconds) {
    for (const agent of fleet.agents.values()) {
      for (const change of expire(agent.windows, agent.plan, at)) changes.push(named(agent, change))
    }
  }
  return { changes, findings: evaluate(fleet, at) }
}
