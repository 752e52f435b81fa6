import { vantages } from '@oddnode/protocol'
import type { Cell } from './cell.ts'
import { type Explained, explainedCells, type IsExplained, isIn } from './explained.ts'
import type { Fault, View } from './fault.ts'
import { agentKey, type Fleet } from './fleet.ts'
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
  targets: Found[]
  fleet: Found[]
  /** Nodes that wait to be looked at. */
  waiting: Set<string>
  /** When each rule about the whole looked last. */
  ruledAt: Map<AnyRule, number>
  /** What servers, and each rule about the whole, may come to account for: not decided yet. */
  undecidedTargets: Explained
  undecidedFleet: Map<AnyRule, Explained>
}

type NodeLook = { at: number; found: Found[]; explained: Explained; undecided: Explained }

export const createLooked = (): Looked => ({
  nodes: new Map(),
  targets: [],
  fleet: [],
  waiting: new Set(),
  ruledAt: new Map(),
  undecidedTargets: new Map(),
  undecidedFleet: new Map(),
})

/** What is looked at in one go, at most: some 20 ms. The other nodes wait for the next tick. */
const MOST_EFFORT = 500
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

/**
 * Lets the rules look at what changed: each node by itself, each server, the whole.
 * @returns how many nodes and rules still wait, and on how many nodes something is odd
 */
export function lookAround(faults: readonly Fault[], view: View): { waiting: number; odd: number } {
  const { fleet, at } = view
  const { looked, ledger } = fleet
  updateLedger(ledger, fleet.agents)
  updateSlowCells(fleet, at)
  for (const name of takeDirty(ledger)) looked.waiting.add(name)
  for (const name of takeReplanned(ledger)) looked.nodes.delete(name)
  for (const name of looked.nodes.keys()) if (!fleet.nodes.has(name)) looked.nodes.delete(name)
  const odd = oddNodes(view)
  const againSeconds = AGAIN_SECONDS * fleetPace(fleet) * Math.max(1, odd.size / MOST_AGAIN)
  for (const name of odd) {
    if (at - (looked.nodes.get(name)?.at ?? -Infinity) >= againSeconds) looked.waiting.add(name)
  }
  for (const name of longestUnseen(fleet)) lookAtNode(faults, view, name)
  looked.targets = lookAtTargets(faults, view)
  const rulesWaiting = lookAtFleet(faults, view)
  return { waiting: looked.waiting.size + rulesWaiting, odd: odd.size }
}

/** Nodes on which something fails, is lost or is slow, or on which something was found. */
function oddNodes({ fleet: { ledger, looked, agents, slow } }: View): Set<string> {
  const names = new Set<string>()
  for (const keys of [ledger.failing, ledger.lossy, slow.agents.keys()]) {
    for (const key of keys) {
      const agent = agents.get(key)
      if (agent !== undefined) names.add(agent.node)
    }
  }
  for (const [name, { found }] of looked.nodes) if (found.length > 0) names.add(name)
  return names
}

function longestUnseen({ looked: { waiting, nodes }, ledger }: Fleet): string[] {
  const seenAt = (name: string) => nodes.get(name)?.at ?? -Infinity
  const order = [...waiting].sort((a, b) => seenAt(a) - seenAt(b) || (a < b ? -1 : 1))
  const fails = (name: string) => vantages.some((vantage) => ledger.failing.has(agentKey(name, vantage)))
  let effort = 0
  return order.filter((name) => {
    if (effort >= MOST_EFFORT) return false
    effort += fails(name) ? FAILING_EFFORT : 1
    return true
  })
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
  looked.nodes.set(name, { at, found, explained, undecided: explainedCells(cellsOfCases(undecided)) })
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
  fleet.looked.undecidedTargets = explainedCells(cellsOfCases(undecided))
  return found
}

/** @returns how many rules about the whole still wait for their turn */
function lookAtFleet(faults: readonly Fault[], view: View): number {
  const { fleet, at } = view
  const { looked } = fleet
  const rules = rulesOf(faults, 'fleet')
  const isLarge = fleet.nodes.size > LARGE_FLEET
  const due = rules.filter(([, rule]) => !isLarge || at - (looked.ruledAt.get(rule) ?? -Infinity) >= TURN_SECONDS)
  const turn = isLarge ? due.slice(0, RULES_A_TURN) : due
  for (const [fault, rule] of turn) {
    looked.ruledAt.set(rule, at)
    const others = looked.fleet.filter((found) => found.rule !== rule)
    const undecided: Case[] = []
    const matches = rule.match(view, '', undefined, undecided)
    looked.fleet = [...others, ...matches.map((match): Found => ({ fault, rule, match }))]
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
  const nodes = [...looked.nodes].filter(([, { found }]) => found.length > 0).sort(([a], [b]) => (a < b ? -1 : 1))
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
  const anywhere = explainedCells(cellsOf([...looked.targets, ...looked.fleet]))
  // What is wrong on one node may show on others: they ask the CoreDNS pods that run there.
  const beyond = [...looked.nodes].filter(([name, look]) => isBeyond(look, name)).map(([, { explained }]) => explained)
  return (agent, probe) =>
    isIn(looked.nodes.get(agent.node)?.explained, agent, probe) ||
    isIn(anywhere, agent, probe) ||
    beyond.some((explained) => isIn(explained, agent, probe))
}

/** Whether a fault that is not decided yet may come to account for a cell. */
export function undecidedExplainer({ looked }: Fleet): IsExplained {
  const undecided = [
    ...[...looked.nodes.values()].map((look) => look.undecided).filter(({ size }) => size > 0),
    looked.undecidedTargets,
    ...looked.undecidedFleet.values(),
  ]
  return (agent, probe) => undecided.some((one) => isIn(one, agent, probe))
}

/** It explains something on other nodes. */
const isBeyond = ({ explained }: NodeLook, name: string): boolean =>
  explained.size > 0 && [...explained.keys()].some(({ node }) => node !== name)

const cellsOf = (found: readonly Found[]): Cell[] => cellsOfCases(found.map(({ match: { one } }) => one))

const cellsOfCases = (cases: readonly Case[]): Cell[] =>
  cases.flatMap(({ evidence, explains = [] }) => [...evidence, ...explains])
