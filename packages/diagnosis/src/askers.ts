import type { Question, Target, Transport, Vantage } from '@oddnode/protocol'
import type { Cell } from './cell.ts'
import type { View } from './fault.ts'
import type { FleetAgent } from './fleet.ts'
import { sortedAgents } from './ledger.ts'
import { columnsOf } from './peers.ts'
import { allCells, cellsOf, type Sight } from './sight.ts'
import { isSilent } from './silence.ts'
import type { Truth } from './truth.ts'

/** One agent that asks a server, and its probes of it. */
export type Asker = { node: string; vantage: Vantage; cells: Cell[] }

type Server = Pick<Target, 'role' | 'address' | 'port'>

/**
 * Whether a server fails for half of those who ask it at least, in some column of the matrix: where it does not, a rule about servers need
 * not look any further.
 */
export const failsForHalf = ({ fleet }: View, server: Server): boolean =>
  columnsOf(fleet, server).some(({ ok, degraded, failing }) => failing > 0 && failing >= ok + degraded)

const BASE: readonly Question[] = ['kubernetes', 'version', 'missing']

/**
 * A server fails over one transport for four of five nodes that ask it from there; of two for both, and of one nothing can be said.
 */
export function failsForNearlyAll(
  { fleet }: Pick<View, 'fleet'>,
  server: Server,
  vantage: Vantage,
  transport: Transport,
  questions: readonly Question[] = server.role === 'upstream' ? ['external'] : BASE,
): boolean {
  const columns = columnsOf(fleet, server).filter(
    (column) => column.vantage === vantage && column.transport === transport && questions.includes(column.question),
  )
  return (
    columns.length > 0 &&
    columns.every(({ ok, degraded, failing }) => {
      const asked = ok + degraded + failing
      return asked > 1 && failing >= neededOf(asked)
    })
  )
}

/** Who asks a server, with the catalogue's plain questions. A silent agent is left out. By node and vantage. */
export function askersOf(view: View, server: Server, transport?: Transport): Asker[] {
  const which = { role: server.role, address: server.address, ...(transport === undefined ? {} : { transport }) }
  return heardAgents(view)
    .map((agent) => ({
      node: agent.node,
      vantage: agent.vantage,
      cells: cellsOf(agentAlone(agent), { vantage: agent.vantage, ...which }),
    }))
    .filter(({ cells }) => cells.length > 0)
}

/** Every probe of these servers, from everywhere: what a server that is gone takes along. */
export function cellsToward(view: View, isAmong: (target: Target) => boolean): Cell[] {
  return heardAgents(view).flatMap((agent) =>
    allCells(agentAlone(agent), agent.vantage).filter(({ target }) => isAmong(target)),
  )
}

function heardAgents({ fleet, at }: View): FleetAgent[] {
  return sortedAgents(fleet.ledger, fleet.agents).filter((agent) => {
    const node = fleet.nodes.get(agent.node)
    return node !== undefined && !agent.stopped && !isSilent(fleet, node, agent, at)
  })
}

/** A node as if it had only this agent. */
export const agentAlone = (agent: FleetAgent): Pick<Sight, 'agents'> => ({
  agents: { host: null, pod: null, [agent.vantage]: agent },
})

/** From this many on, four of five are "all but a few"; of fewer it takes each one. */
const FEWEST_FOR_SHARE = 3
const NEARLY_ALL = 0.8

const neededOf = (count: number): number => (count < FEWEST_FOR_SHARE ? count : Math.ceil(count * NEARLY_ALL))

/** It holds for four of five of those with data; for all of one or two. */
export function nearlyAll(truths: readonly Truth[]): Truth {
  const known = truths.filter((one) => one !== 'no-data')
  if (known.length === 0) return 'no-data'
  const needed = neededOf(known.length)
  const count = (wanted: Truth) => known.filter((one) => one === wanted).length
  if (count('yes') >= needed) return 'yes'
  return count('yes') + count('wait') >= needed ? 'wait' : 'no'
}
