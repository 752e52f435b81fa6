import { vantages } from '@oddnode/protocol'
import type { Cell } from './cell.ts'
import { type Explained, explainedCells, type IsExplained, isIn } from './explained.ts'
import type { Fault, View } from './fault.ts'
import { agentKey, type Fleet, type FleetAgent } from './fleet.ts'
import { takeDirty, takeReplanned, updateLedger } from './ledger.ts'
import { fleetPace } from './pace-of-rounds.ts'
import type { AnyRule, Case, Match } from './rule.ts'
import { sightOf } from './sight.ts'
import { updateSlowCells } from './slow-cells.ts'

/** A rule of a fault that holds somewhere. */
export type Found = { fault: Fault; rule: AnyRule; match: Match }

/** What the rules found when they last looked: a place is looked at again only when something there may have changed. */
export type Looked = {
  /** By the node's name. */
  nodes: Map<string, NodeLook>
  /** Those of them on which something was found, or may be. */
  odd: Map<string, NodeLook>
  targets: Found[]
  fleet: Found[]
  /** Nodes that wait to be looked at, in the order in which they began to. */
  waiting: Set<string>
  /** When servers and the whole were looked at last, and the findings told. */
  toldAt: number
  /** When each rule about the whole looked last. */
  ruledAt: Map<AnyRule, number>
  /** What servers, and each rule about the whole, account for, and what they may come to: not decided yet. */
  explainedByTargets: Explained
  explainedByFleet: Map<AnyRule, Explained>
  undecidedTargets: Explained
  undecidedFleet: Map<AnyRule, Explained>
}

type NodeLook = {
  at: number
  found: Found[]
  explained: Explained
  undecided: Explained
  /** It explains something on other nodes, too. */
  isBeyond: boolean
}

export const createLooked = (): Looked => ({
  nodes: new Map(),
  odd: new Map(),
  targets: [],
  fleet: [],
  waiting: new Set(),
  toldAt: -Infinity,
  ruledAt: new Map(),
  explainedByTargets: new Map(),
  explainedByFleet: new Map(),
  undecidedTargets: new Map(),
  undecidedFleet: new Map(),
})

/**
 * What is looked at in one go, at most: some 30 ms; and what leaves time to tell of it. The other nodes wait for the next tick. In a large
 * fleet telling takes longer, and thousands of pushes wait meanwhile.
 */
const EFFORT = { most: 400, beforeTelling: 150 }
const EFFORT_IN_LARGE_FLEET = { most: 250, beforeTelling: 50 }
/** While nodes wait, what was found is told so often: telling costs as much as looking at some hundred of them. */
const TELL_SECONDS = 1
/** A node on which something fails takes so many times as long as one in health, which fails the first condition of every rule. */
const FAILING_EFFORT = 10
/** A node on which something is odd is looked at again after this long, in seconds, though no state changed: others may be well by now … */
const AGAIN_SECONDS = 3
/** … and where so many are odd at once, as often as they can be in turn. */
const MOST_AGAIN = 300
/** In a fleet above this many nodes a rule about the whole of it looks once in so many seconds, and a few of them in one go. */
const LARGE_FLEET = 500
const TURN_SECONDS = 10
const RULES_A_TURN = 2

const isLarge = ({ nodes }: Fleet): boolean => nodes.size > LARGE_FLEET

/** How many nodes and rules still wait, on how many nodes something is odd, and whether it is time to tell what was found. */
export type LookedAround = { waiting: number; odd: number; isTold: boolean }

/** Lets the rules look at what changed: each node by itself, then each server and the whole. */
export function lookAround(faults: readonly Fault[], view: View): LookedAround {
  const { fleet, at } = view
  const { looked, ledger } = fleet
  updateLedger(ledger, fleet.agents)
  updateSlowCells(fleet, at)
  for (const name of takeDirty(ledger)) looked.waiting.add(name)
  for (const name of takeReplanned(ledger)) forgetLook(looked, name)
  forgetGone(fleet)
  const odd = oddNodes(view)
  const againSeconds = AGAIN_SECONDS * fleetPace(fleet) * Math.max(1, odd.size / MOST_AGAIN)
  for (const name of odd) {
    if (at - (looked.nodes.get(name)?.at ?? -Infinity) >= againSeconds) looked.waiting.add(name)
  }
  const lookAtNodes = (effort: number) => {
    for (const name of firstWaiting(fleet, effort)) lookAtNode(faults, view, name)
  }
  const effort = isLarge(fleet) ? EFFORT_IN_LARGE_FLEET : EFFORT
  lookAtNodes(effort.beforeTelling)
  if (looked.waiting.size > 0 && at - looked.toldAt < TELL_SECONDS) {
    lookAtNodes(effort.most - effort.beforeTelling)
    return { waiting: looked.waiting.size + 1, odd: odd.size, isTold: false }
  }
  looked.toldAt = at
  looked.targets = lookAtTargets(faults, view)
  const rulesWaiting = lookAtFleet(faults, view)
  return { waiting: looked.waiting.size + rulesWaiting, odd: odd.size, isTold: true }
}

/** Nodes on which something fails, is lost or is slow, or on which something was found. */
function oddNodes({ fleet: { ledger, looked, agents, slow } }: View): Set<string> {
  const names = new Set<string>()
  for (const { node } of ledger.failing) names.add(node)
  for (const { node } of ledger.lossy) names.add(node)
  for (const key of slow.agents.keys()) {
    const agent = agents.get(key)
    if (agent !== undefined) names.add(agent.node)
  }
  for (const [name, { found }] of looked.odd) if (found.length > 0) names.add(name)
  return names
}

function firstWaiting({ looked, ledger, agents }: Fleet, most: number): string[] {
  const fails = (agent: FleetAgent | undefined) => agent !== undefined && ledger.failing.has(agent)
  const names: string[] = []
  let effort = 0
  for (const name of looked.waiting) {
    if (effort >= most) break
    names.push(name)
    effort += vantages.some((vantage) => fails(agents.get(agentKey(name, vantage)))) ? FAILING_EFFORT : 1
  }
  return names
}

function forgetLook({ nodes, odd }: Looked, name: string): void {
  nodes.delete(name)
  odd.delete(name)
}

function forgetGone({ looked, nodes }: Fleet): void {
  for (const name of looked.odd.keys()) if (!nodes.has(name)) forgetLook(looked, name)
  if (looked.nodes.size <= nodes.size) return
  for (const name of looked.nodes.keys()) if (!nodes.has(name)) forgetLook(looked, name)
}

function lookAtNode(faults: readonly Fault[], { fleet, at }: View, name: string): void {
  const { looked } = fleet
  looked.waiting.delete(name)
  const node = fleet.nodes.get(name)
  if (node === undefined) return
  const sight = sightOf(fleet, node, at)
  const undecided: Case[] = []
  const found = rulesOf(faults, 'node').flatMap(([fault, rule]) =>
    rule.match(sight, name, undefined, undecided).map((match): Found => ({ fault, rule, match })),
  )
  const explained = explainedCells(cellsOf(found))
  const isBeyond = [...explained.keys()].some((agent) => agent.node !== name)
  const look = { at, found, explained, undecided: explainedCells(cellsOfCases(undecided)), isBeyond }
  looked.nodes.set(name, look)
  if (found.length > 0 || look.undecided.size > 0) looked.odd.set(name, look)
  else looked.odd.delete(name)
}

function lookAtTargets(faults: readonly Fault[], { fleet, at }: View): Found[] {
  const targets = [...fleet.ledger.byTarget].sort(([a], [b]) => (a < b ? -1 : 1))
  const undecided: Case[] = []
  const found = targets.flatMap(([key, [column]]) => {
    if (column === undefined) return []
    const sight = { fleet, at, target: column.target }
    return rulesOf(faults, 'target').flatMap(([fault, rule]) =>
      rule.match(sight, key, undefined, undecided).map((match): Found => ({ fault, rule, match })),
    )
  })
  fleet.looked.explainedByTargets = explainedCells(cellsOf(found))
  fleet.looked.undecidedTargets = explainedCells(cellsOfCases(undecided))
  return found
}

/** @returns how many rules about the whole still wait for their turn */
function lookAtFleet(faults: readonly Fault[], view: View): number {
  const { fleet, at } = view
  const { looked } = fleet
  const rules = rulesOf(faults, 'fleet')
  const takesTurns = isLarge(fleet)
  const due = rules.filter(([, rule]) => !takesTurns || at - (looked.ruledAt.get(rule) ?? -Infinity) >= TURN_SECONDS)
  const turn = takesTurns ? due.slice(0, RULES_A_TURN) : due
  for (const [fault, rule] of turn) {
    looked.ruledAt.set(rule, at)
    const others = looked.fleet.filter((found) => found.rule !== rule)
    const undecided: Case[] = []
    const matches = rule.match(view, '', undefined, undecided)
    const found = matches.map((match): Found => ({ fault, rule, match }))
    looked.fleet = [...others, ...found]
    looked.explainedByFleet.set(rule, explainedCells(cellsOf(found)))
    looked.undecidedFleet.set(rule, explainedCells(cellsOfCases(undecided)))
  }
  return due.length - turn.length
}

function rulesOf<K extends AnyRule['looksAt']>(
  faults: readonly Fault[],
  looksAt: K,
): [Fault, Extract<AnyRule, { looksAt: K }>][] {
  const isSuch = (rule: AnyRule): rule is Extract<AnyRule, { looksAt: K }> => rule.looksAt === looksAt
  return faults.flatMap((fault) =>
    fault.rules.filter(isSuch).map((rule): [Fault, Extract<AnyRule, { looksAt: K }>] => [fault, rule]),
  )
}

/** All that was found and still stands, in the order of places. */
export function allFound({ looked, agents }: Fleet): Found[] {
  const nodes = [...looked.odd].sort(([a], [b]) => (a < b ? -1 : 1))
  // A rule about the whole may have looked some ticks ago: agents may have gone since, or changed their plan.
  const stands = ({ match: { one } }: Found) =>
    one.evidence.every(
      ({ node, vantage, agent, planned, probe }) =>
        agents.get(agentKey(node, vantage)) === agent && agent.plan.probes[probe] === planned,
    )
  return [...nodes.flatMap(([, { found }]) => found), ...looked.targets, ...looked.fleet.filter(stands)]
}

/** Whether what was found accounts for a cell. */
export function explainer({ looked }: Fleet): IsExplained {
  const anywhere = [looked.explainedByTargets, ...looked.explainedByFleet.values()].filter(({ size }) => size > 0)
  // What is wrong on one node may show on others: they ask the CoreDNS pods that run there.
  for (const { isBeyond, explained } of looked.odd.values()) if (isBeyond) anywhere.push(explained)
  return (agent, probe) =>
    isIn(looked.odd.get(agent.node)?.explained, agent, probe) ||
    anywhere.some((explained) => isIn(explained, agent, probe))
}

/** Whether a fault that is not decided yet may come to account for a cell. */
export function undecidedExplainer({ looked }: Fleet): IsExplained {
  const undecided = [
    ...[...looked.odd.values()].map((look) => look.undecided).filter(({ size }) => size > 0),
    looked.undecidedTargets,
    ...looked.undecidedFleet.values(),
  ]
  return (agent, probe) => undecided.some((one) => isIn(one, agent, probe))
}

const cellsOf = (found: readonly Found[]): Cell[] => cellsOfCases(found.map(({ match: { one } }) => one))

const cellsOfCases = (cases: readonly Case[]): Cell[] =>
  cases.flatMap(({ evidence, explains = [] }) => [...evidence, ...explains])
