import type { Cluster, Facts, Plan, Round, Sample, Vantage } from '@oddnode/protocol'
import { isLatest, markApplied } from './applied-rounds.ts'
import { noteClock } from './clock-columns.ts'
import { createClockMemory, noteTimeKeeping, takeClocks, takeSteps } from './clock-memory.ts'
import { addReading, conntrackShare } from './counter-growth.ts'
import { evaluate, type FindingChanges } from './evaluate.ts'
import { agentKey, createNode, type Fleet, type FleetAgent } from './fleet.ts'
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
  round: Pick<Round, 'version' | 'kind' | 'ageSeconds' | 'droppedRounds' | 'clock' | 'clockSteps' | 'facts'>
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
  fleet.ledger.touched.add(key)
  expectNode(fleet, input)
  if (latest) {
    effect.planChanged = switchPlan(fleet, agent, input.plan)
    agent.version = input.round.version
    effect.stoppedChanged = agent.stopped !== (input.round.kind === 'goodbye')
    agent.stopped = input.round.kind === 'goodbye'
    agent.droppedRounds = input.round.droppedRounds
    effect.factsChanged = takeFacts(fleet, agent, input.round.facts)
    if (effect.factsChanged) fleet.ledger.dirty.add(agent.node)
  }
  const endedAt = input.receivedAt - input.round.ageSeconds
  const hasClockNews = takeClocks(agent, input.round.clock ?? [], endedAt)
  const hasStepped = takeSteps(agent, input.round.clockSteps, endedAt)
  if (hasClockNews || hasStepped) fleet.ledger.dirty.add(agent.node)
  noteClock(fleet.ledger, agent)
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
    counters: new Map(),
    clocks: [],
    clockMemory: createClockMemory(),
    applied: new Map(),
  }
}

/** A node that pushed is expected to go on, in the vantages that it pushed from. */
function expectNode(fleet: Fleet, { node, vantage }: RoundInput): void {
  const known = fleet.nodes.get(node)
  if (known === undefined) {
    fleet.nodes.set(node, createNode(node, [vantage]))
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
  takeCounters(fleet, agent, facts)
  noteTimeKeeping(agent, facts, fleet.now)
  agent.facts = facts
  const node = fleet.nodes.get(agent.node)
  // In Kubernetes the API says what a node is; elsewhere the agent does.
  if (node !== undefined && node.ready === null && facts.system !== undefined) {
    node.attributes = { ...node.attributes, kernel: facts.system.kernel, os: facts.system.os }
  }
  return changed
}

/** What faults look at of the counters; a table that is nearly full is a reason to look at the node. */
function takeCounters({ now, ledger }: Fleet, agent: FleetAgent, { conntrack }: Facts): void {
  if (conntrack === undefined) return
  for (const name of ['insert_failed', 'drop', 'early_drop']) {
    const value = conntrack.counters[name]
    if (value === undefined) continue
    const history = agent.counters.get(`conntrack.${name}`) ?? []
    agent.counters.set(`conntrack.${name}`, history)
    addReading(history, now, value)
  }
  if (conntrackShare(conntrack) >= NEARLY_FULL) ledger.dirty.add(agent.node)
}

const NEARLY_FULL = 0.9

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
export function applyCluster(fleet: Fleet, at: number, cluster: Cluster): void {
  const { nodes } = cluster
  fleet.now = Math.max(fleet.now, at)
  fleet.cluster = cluster
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

/** So many probes become stale in one go, at most: where nobody is heard any more, the others wait for the next tick. */
const MOST_EXPIRED = 2000

export type TickEffect = { changes: AgentStateChange[]; findings: FindingChanges }

/** Lets time pass: what is stale becomes no-data, and the findings are worked out. */
export function applyTick(fleet: Fleet, at: number): TickEffect {
  fleet.now = Math.max(fleet.now, at)
  const changes: AgentStateChange[] = []
  // What was restored can be called stale only after somebody had the time to report.
  if (at - fleet.listeningSince >= fleet.thresholds.staleSeconds) {
    for (const agent of fleet.agents.values()) {
      if (changes.length >= MOST_EXPIRED) break
      const expired = expire(agent.windows, agent.plan, at)
      if (expired.length > 0) fleet.ledger.touched.add(agentKey(agent.node, agent.vantage))
      for (const change of expired) changes.push(named(agent, change))
    }
  }
  const findings = evaluate(fleet, at)
  return {
    changes,
    findings: changes.length < MOST_EXPIRED ? findings : { ...findings, waiting: findings.waiting + 1 },
  }
}
