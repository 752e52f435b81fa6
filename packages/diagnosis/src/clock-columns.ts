import type { ClockReading, Fleet, FleetAgent } from './fleet.ts'
import { type Ledger, sortedAgents } from './ledger.ts'
import { offsetEnds } from './offset-history.ts'
import { paceOf } from './pace-of-rounds.ts'

/**
 * What every agent's clock says, side by side in the order of `sortedAgents`. Evaluations go through all of it, and following 20,000
 * agents through memory takes 80 ms where this takes 2 ms. Each push puts down its own, while it is at hand.
 */
export type ClockColumns = {
  agents: readonly FleetAgent[]
  places: ReadonlyMap<FleetAgent, number>
  /** The nodes by name, in order, and for each agent which of them is its own. */
  nodes: readonly string[]
  nodeOf: Int32Array
  /** How often the agent measures. */
  intervalSeconds: Float64Array
  /** The last reading against the aggregator, in seconds: NaN without one. */
  takenAt: Float64Array
  offsetSeconds: Float64Array
  uncertaintySeconds: Float64Array
  /** `ClockMemory.mostByNtpSeconds`. */
  mostByNtpSeconds: Float64Array
  /** 1 where an NTP server has told the time, or 0. */
  hasNtp: Uint8Array
  /** The first and the last reading of its history against the aggregator, as of the last push: NaN without two. */
  firstAt: Float64Array
  firstSeconds: Float64Array
  lastAt: Float64Array
  lastSeconds: Float64Array
}

/** The columns as of now. */
export function clockColumns({ ledger, agents }: Pick<Fleet, 'ledger' | 'agents'>): ClockColumns {
  const sorted = sortedAgents(ledger, agents)
  if (ledger.clocks?.agents === sorted) return ledger.clocks
  const columns = createClockColumns(sorted)
  for (const agent of sorted) take(columns, agent)
  ledger.clocks = columns
  return columns
}

/** To be called after each push: the agent may have measured its clock, or have another plan. */
export function noteClock({ clocks }: Ledger, agent: FleetAgent): void {
  if (clocks !== null) take(clocks, agent)
}

/** The last time that the agent's clock stepped, on the aggregator's clock: what was read before says nothing of now. */
export const lastStepAt = ({ clockMemory }: FleetAgent): number => clockMemory.steps.at(-1)?.at ?? -Infinity

function createClockColumns(agents: readonly FleetAgent[]): ClockColumns {
  const column = () => new Float64Array(agents.length)
  const nodes: string[] = []
  const nodeOf = new Int32Array(agents.length)
  agents.forEach(({ node }, place) => {
    if (nodes.at(-1) !== node) nodes.push(node)
    nodeOf[place] = nodes.length - 1
  })
  return {
    agents,
    places: new Map(agents.map((agent, place) => [agent, place])),
    nodes,
    nodeOf,
    intervalSeconds: column(),
    takenAt: column(),
    offsetSeconds: column(),
    uncertaintySeconds: column(),
    mostByNtpSeconds: column(),
    hasNtp: new Uint8Array(agents.length),
    firstAt: column(),
    firstSeconds: column(),
    lastAt: column(),
    lastSeconds: column(),
  }
}

const isToldByNtp = ({ sample: { reference, outcome } }: ClockReading): boolean =>
  reference.kind === 'ntp' && outcome === 'answered'

function take(columns: ClockColumns, agent: FleetAgent): void {
  const place = columns.places.get(agent)
  if (place === undefined) return
  const { plan, lastSeen, clocks, clockMemory } = agent
  const { aggregator, mostByNtpSeconds, history } = clockMemory
  columns.intervalSeconds[place] = plan.intervalSeconds
  columns.takenAt[place] = aggregator?.takenAt ?? Number.NaN
  columns.offsetSeconds[place] = aggregator?.sample.offsetSeconds ?? Number.NaN
  columns.uncertaintySeconds[place] = aggregator?.sample.uncertaintySeconds ?? Number.NaN
  columns.mostByNtpSeconds[place] = mostByNtpSeconds
  columns.hasNtp[place] = clocks.some(isToldByNtp) ? 1 : 0
  const readings = history.get('aggregator')
  const ends = readings === undefined ? null : offsetEnds(readings, lastStepAt(agent), lastSeen, paceOf(plan))
  columns.firstAt[place] = ends?.[0].takenAt ?? Number.NaN
  columns.firstSeconds[place] = ends?.[0].offsetSeconds ?? Number.NaN
  columns.lastAt[place] = ends?.[1].takenAt ?? Number.NaN
  columns.lastSeconds[place] = ends?.[1].offsetSeconds ?? Number.NaN
}
