import {
  type Plan,
  type Question,
  type State,
  states,
  type Target,
  type Transport,
  type Vantage,
  vantages,
} from '@oddnode/protocol'
import { targetKey } from './cell.ts'
import { type CellIds, cellIdsOf, createCellIds } from './cell-ids.ts'
import type { ClockColumns } from './clock-columns.ts'
import type { FleetAgent } from './fleet.ts'
import { isLossy } from './long-window.ts'
import type { AgentWindows } from './window.ts'

/**
 * Counts over the columns of the matrix, kept up to date with every change of a state, so that the second stage of the diagnosis costs
 * what changed and not what there is.
 */
export type Ledger = {
  /** Numbers for the cells of the matrix. */
  cellIds: CellIds
  /** By `columnKey`. */
  columns: Map<number, ColumnTally>
  /** The columns of a server, by `targetKey`. */
  byTarget: Map<string, ColumnTally[]>
  /** What each agent was counted with, by `agentKey`. */
  counted: Map<string, Counted>
  /** Agents that pushed or fell silent since the last count, by `agentKey`: who else is counted did not change. */
  touched: Set<string>
  /** Agents with a failing probe, and agents that lose queries. */
  failing: Set<FleetAgent>
  lossy: Set<FleetAgent>
  /** Names of nodes whose agents changed their plan, or went. */
  replanned: Set<string>
  /** Names of nodes of which something changed since `takeDirty`. */
  dirty: Set<string>
  /** All agents by node and vantage; null when it has to be sorted anew. */
  sorted: readonly FleetAgent[] | null
  /** Clocks side by side; null before the first comparison. */
  clocks: ClockColumns | null
}

/** How the same probe from the same vantage stands on all nodes that ask it. */
export type ColumnTally = {
  key: number
  vantage: Vantage
  target: Target
  transport: Transport
  question: Question
  /** It is asked as the catalogue's plain question is: from a fresh port, for its own sake, and not to learn who answers. */
  plain: boolean
  ok: number
  degraded: number
  failing: number
  /** How many of those that are not failing have which answer (`comparedAnswers`). */
  answers: Map<number, number>
}

type Counted = {
  agent: FleetAgent
  windows: AgentWindows
  plan: Plan
  revision: number
  state: Uint8Array
  compared: Uint32Array
}

const FAILING = states.indexOf('failing')
const NO_DATA = states.indexOf('no-data')

export function createLedger(): Ledger {
  return {
    cellIds: createCellIds(),
    columns: new Map(),
    byTarget: new Map(),
    counted: new Map(),
    touched: new Set(),
    failing: new Set(),
    lossy: new Set(),
    replanned: new Set(),
    dirty: new Set(),
    sorted: null,
    clocks: null,
  }
}

/** Counts what changed since the last time. @param agents by `agentKey` */
export function updateLedger(ledger: Ledger, agents: ReadonlyMap<string, FleetAgent>): void {
  const update = (key: string, agent: FleetAgent) => {
    const counted = ledger.counted.get(key)
    if (counted?.windows === agent.windows && counted.revision === agent.windows.revision) return
    // One that went and came back is another.
    if (counted?.agent !== agent) ledger.sorted = null
    recount(ledger, key, agent, counted)
  }
  for (const key of ledger.touched) {
    const agent = agents.get(key)
    if (agent !== undefined) update(key, agent)
  }
  ledger.touched.clear()
  if (ledger.counted.size === agents.size) return
  // Some went, or were remembered from before a restart.
  for (const [key, counted] of ledger.counted) if (!agents.has(key)) forget(ledger, key, counted)
  for (const [key, agent] of agents) update(key, agent)
}

function recount(ledger: Ledger, key: string, agent: FleetAgent, before: Counted | undefined): void {
  const { windows, plan } = agent
  const goesOn = before?.windows === windows
  if (before !== undefined && !goesOn) {
    uncount(ledger, before)
    ledger.failing.delete(before.agent)
    ledger.lossy.delete(before.agent)
    ledger.replanned.add(agent.node)
  }
  const probes = plan.probes.length
  const counted: Counted = goesOn
    ? before
    : {
        agent,
        windows,
        plan,
        revision: 0,
        state: new Uint8Array(probes).fill(NO_DATA),
        compared: new Uint32Array(probes),
      }
  const ids = cellIdsOf(ledger.cellIds, plan)
  let fails = false
  for (let probe = 0; probe < probes; probe++) {
    const state = windows.state[probe] as number
    const compared = state === FAILING || state === NO_DATA ? 0 : (windows.compared[probe] as number)
    if (state === FAILING) fails = true
    if (counted.state[probe] === state && counted.compared[probe] === compared) continue
    const tally = tallyOf(ledger, columnKey(ids[probe] as number, agent.vantage), agent, probe)
    add(tally, counted.state[probe] as number, counted.compared[probe] as number, -1)
    add(tally, state, compared, 1)
    counted.state[probe] = state
    counted.compared[probe] = compared
  }
  counted.revision = windows.revision
  ledger.counted.set(key, counted)
  if (fails) ledger.failing.add(agent)
  else ledger.failing.delete(agent)
  if (isLossy(windows.long)) ledger.lossy.add(agent)
  else ledger.lossy.delete(agent)
  ledger.dirty.add(agent.node)
}

function uncount(ledger: Ledger, { agent, plan, state, compared }: Counted): void {
  const ids = cellIdsOf(ledger.cellIds, plan)
  for (let probe = 0; probe < ids.length; probe++) {
    const tally = ledger.columns.get(columnKey(ids[probe] as number, agent.vantage))
    if (tally === undefined) continue
    add(tally, state[probe] as number, compared[probe] as number, -1)
    if (tally.ok + tally.degraded + tally.failing === 0) drop(ledger, tally)
  }
}

function forget(ledger: Ledger, key: string, counted: Counted): void {
  uncount(ledger, counted)
  ledger.counted.delete(key)
  ledger.failing.delete(counted.agent)
  ledger.lossy.delete(counted.agent)
  ledger.replanned.add(counted.agent.node)
  ledger.dirty.add(counted.agent.node)
  ledger.sorted = null
}

function add(tally: ColumnTally, stateIndex: number, compared: number, by: 1 | -1): void {
  const state = states[stateIndex] as State
  if (state === 'no-data') return
  tally[state] += by
  if (compared === 0) return
  const count = (tally.answers.get(compared) ?? 0) + by
  if (count === 0) tally.answers.delete(compared)
  else tally.answers.set(compared, count)
}

function tallyOf(ledger: Ledger, key: number, { plan, vantage }: FleetAgent, probe: number): ColumnTally {
  const known = ledger.columns.get(key)
  if (known !== undefined) return known
  const planned = plan.probes[probe]
  const target = plan.targets[planned?.target ?? -1]
  if (planned === undefined || target === undefined) throw new RangeError(`plan ${plan.id} has no probe ${probe}`)
  const { transport, question } = planned
  const plain = planned.sourcePort === 'fresh' && !planned.onlyAfterTruncation && !planned.edns?.nsid
  const tally = { key, vantage, target, transport, question, plain, ok: 0, degraded: 0, failing: 0, answers: new Map() }
  ledger.columns.set(key, tally)
  const name = targetKey(target)
  ledger.byTarget.set(name, [...(ledger.byTarget.get(name) ?? []), tally])
  return tally
}

function drop(ledger: Ledger, tally: ColumnTally): void {
  ledger.columns.delete(tally.key)
  const name = targetKey(tally.target)
  const rest = (ledger.byTarget.get(name) ?? []).filter((one) => one !== tally)
  if (rest.length > 0) ledger.byTarget.set(name, rest)
  else ledger.byTarget.delete(name)
}

/** A column is a cell of the matrix from one vantage. @param id a number of `cellIdsOf` */
export const columnKey = (id: number, vantage: Vantage): number => id * vantages.length + vantages.indexOf(vantage)

/** All agents by node, then vantage: the order in which they came must not matter. */
export function sortedAgents(ledger: Ledger, agents: ReadonlyMap<string, FleetAgent>): readonly FleetAgent[] {
  ledger.sorted ??= [...agents.values()].sort(byNode)
  return ledger.sorted
}

const byNode = (a: FleetAgent, b: FleetAgent): number =>
  a.node < b.node ? -1 : a.node > b.node ? 1 : a.vantage < b.vantage ? -1 : 1

/** The names of nodes whose agents changed their plan or went since the last call: what was found there stands no more. */
export function takeReplanned(ledger: Ledger): string[] {
  const replanned = [...ledger.replanned].sort()
  ledger.replanned.clear()
  return replanned
}

/** The names of nodes of which something changed since the last call. */
export function takeDirty(ledger: Ledger): string[] {
  const dirty = [...ledger.dirty].sort()
  ledger.dirty.clear()
  return dirty
}
