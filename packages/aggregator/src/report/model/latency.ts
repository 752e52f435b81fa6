import { agentKey, countProbes, type Fleet, type FleetAgent } from '@oddnode/diagnosis'
import { type Plan, type Role, roles, states, type Transport, type Vantage, visibleText } from '@oddnode/protocol'
import { binsOf, logarithmicScale } from '../html/strip.ts'

/** How long one target takes to answer over one transport, as the nodes see it from one vantage. */
export type LatencyColumn = {
  vantage: Vantage
  role: Role
  /** '' for the CoreDNS pods together. */
  address: string
  transport: Transport
  /** Nodes with an answer; each counts by how long its answers take of late. */
  nodes: number
  /** Of all nodes, in seconds; null where nobody got an answer. */
  medianSeconds: number | null
  minSeconds: number | null
  maxSeconds: number | null
  /** Nodes per piece of the axis, which `latencyScale` divides into equal ones. */
  bins: readonly number[]
  /** Nodes that are degraded, failing or slower than the others there, at most 8; null for one without an answer. */
  odd: readonly { node: string; medianSeconds: number | null }[]
}

/** The axis of all columns: from 0.1 ms to 10 s. */
export const latencyScale = logarithmicScale(0.0001, 10)
const BINS = 60
const MAX_ODD = 8

/** What is gathered of the columns, agent by agent. */
export type LatencyTally = {
  columns: Map<string, Gathered>
  /** The columns of a plan, in its order, as seen from a vantage. */
  byPlan: Record<Vantage, Map<Plan, Gathered[]>>
}
type Gathered = Pick<LatencyColumn, 'vantage' | 'role' | 'address' | 'transport'> & {
  seconds: number[]
  odd: LatencyColumn['odd'][number][]
}

export const createLatencyTally = (): LatencyTally => ({
  columns: new Map(),
  byPlan: { host: new Map(), pod: new Map() },
})

/** Adds the answer times of an agent that reports: each of its columns counts once. */
export function addLatency(tally: LatencyTally, fleet: Fleet, agent: FleetAgent): void {
  const slow = slowProbes(fleet, agent)
  const { degraded, failing } = countProbes(agent)
  const isWell = degraded === 0 && failing === 0 && slow.length === 0
  const gathered = gatheredOf(tally, agent)
  for (const [i, column] of columnsOf(agent.plan).entries()) {
    const seconds = columnSeconds(agent, column.plain)
    if (seconds !== null) gathered[i]?.seconds.push(seconds)
    if (isWell || !column.probes.some((probe) => isBad(agent, probe) || slow.includes(probe))) continue
    gathered[i]?.odd.push({ node: visibleText(agent.node), medianSeconds: seconds })
  }
}

function gatheredOf({ columns, byPlan }: LatencyTally, { plan, vantage }: FleetAgent): Gathered[] {
  const known = byPlan[vantage].get(plan)
  if (known !== undefined) return known
  const gathered = columnsOf(plan).map(({ key, role, address, transport }) => {
    const name = `${vantage} ${key}`
    const column = columns.get(name) ?? { vantage, role, address, transport, seconds: [], odd: [] }
    columns.set(name, column)
    return column
  })
  byPlan[vantage].set(plan, gathered)
  return gathered
}

/** Of several servers in one column the one in the middle. */
function columnSeconds(agent: FleetAgent, probes: readonly number[]): number | null {
  const [first, ...others] = probes
  if (first === undefined) return null
  if (others.length === 0) return answerSeconds(agent, first)
  return middle(probes.map((probe) => answerSeconds(agent, probe)).filter((seconds) => seconds !== null))
}

const isBad = ({ windows }: FleetAgent, probe: number): boolean => {
  const state = states[windows.state[probe] ?? -1]
  return state === 'failing' || state === 'degraded'
}

function slowProbes({ slow }: Fleet, { node, vantage, plan }: FleetAgent): readonly number[] {
  const known = slow.agents.get(agentKey(node, vantage))
  return known?.plan === plan ? known.probes : []
}

/** How long a probe's answers take of late; of a state from before a restart the median of its window. Null where it gets none now. */
function answerSeconds({ windows }: FleetAgent, probe: number): number | null {
  const state = states[windows.state[probe] ?? -1]
  if (state !== 'ok' && state !== 'degraded') return null
  const pace = windows.paces.pace[probe] ?? Number.NaN
  return Number.isNaN(pace) ? (windows.held.get(probe)?.medianSeconds ?? null) : pace
}

/** All columns, in the order of the matrix, step by step. */
export function* latencyOf(tally: LatencyTally): Generator<void, LatencyColumn[], void> {
  const columns: LatencyColumn[] = []
  for (const gathered of tally.columns.values()) {
    // A column that nobody measured and nobody finds odd has nothing to tell.
    if (gathered.seconds.length + gathered.odd.length > 0) columns.push(columnOf(gathered))
    yield
  }
  return columns.sort(
    (a, b) =>
      roles.indexOf(a.role) - roles.indexOf(b.role) ||
      a.address.localeCompare(b.address) ||
      b.transport.localeCompare(a.transport) ||
      a.vantage.localeCompare(b.vantage),
  )
}

function columnOf({ seconds, odd, ...column }: Gathered): LatencyColumn {
  const sorted = Float64Array.from(seconds).sort()
  return {
    ...column,
    nodes: sorted.length,
    medianSeconds: sorted[sorted.length >> 1] ?? null,
    minSeconds: sorted[0] ?? null,
    maxSeconds: sorted.at(-1) ?? null,
    bins: binsOf(seconds, latencyScale, BINS),
    odd: odd.sort(slowestFirst).slice(0, MAX_ODD),
  }
}

const slowestFirst = (a: LatencyColumn['odd'][number], b: LatencyColumn['odd'][number]) =>
  (b.medianSeconds ?? Infinity) - (a.medianSeconds ?? Infinity) || (a.node < b.node ? -1 : 1)

const middle = (values: readonly number[]): number | null =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? null

type PlanColumn = Pick<Gathered, 'role' | 'address' | 'transport'> & {
  key: string
  probes: number[]
  /** Those whose answer times are compared: one question of each server. */
  plain: number[]
}

const columnsOfPlan = new WeakMap<Plan, readonly PlanColumn[]>()

/** The columns of a plan, worked out once for each plan object. */
function columnsOf(plan: Plan): readonly PlanColumn[] {
  const known = columnsOfPlan.get(plan)
  if (known !== undefined) return known
  const columns = new Map<string, PlanColumn>()
  const servers = new Set<string>()
  for (const [probe, { target, transport, onlyAfterTruncation }] of plan.probes.entries()) {
    const server = plan.targets[target]
    if (server === undefined || onlyAfterTruncation) continue
    const { role } = server
    const address = role === 'endpoint' ? '' : visibleText(server.address)
    const key = `${role} ${address} ${transport}`
    const column = columns.get(key) ?? { key, role, address, transport, probes: [], plain: [] }
    columns.set(key, column)
    column.probes.push(probe)
    // The first question of a server is the plainest; other questions take longer by nature.
    if (!servers.has(`${target} ${transport}`)) column.plain.push(probe)
    servers.add(`${target} ${transport}`)
  }
  const found = [...columns.values()]
  columnsOfPlan.set(plan, found)
  return found
}
