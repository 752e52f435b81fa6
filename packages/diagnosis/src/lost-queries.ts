import type { Role, Target, Transport, Vantage } from '@oddnode/protocol'
import type { Cell } from './cell.ts'
import type { Fleet, FleetAgent } from './fleet.ts'
import { sortedAgents } from './ledger.ts'
import { lossesOf } from './long-window.ts'
import { allCells, type Sight } from './sight.ts'

/** What a vantage lost of its queries to one server in ten minutes. */
export type LostQueries = { role: Role; address: string; asked: number; lost: number }

/** By server, of one vantage over one transport; servers that were not asked are left out. */
export function lostQueries(
  { agents, at }: Pick<Sight, 'agents' | 'at'>,
  vantage: Vantage,
  transport: Transport,
): LostQueries[] {
  const agent = agents[vantage]
  return agent === null ? [] : ofAgent(agent, transport, at)
}

function ofAgent({ windows: { long } }: FleetAgent, transport: Transport, at: number): LostQueries[] {
  return long.lines.flatMap((line, i) => {
    if (line.transport !== transport) return []
    const { asked, counted } = lossesOf(long, i, at)
    return asked === 0 ? [] : [{ role: line.role, address: line.address, asked, lost: counted }]
  })
}

/** Lost ÷ asked over several servers; 0 where nothing was asked. */
export function lossRate(queries: readonly Pick<LostQueries, 'asked' | 'lost'>[]): number {
  const asked = queries.reduce((sum, one) => sum + one.asked, 0)
  return asked === 0 ? 0 : queries.reduce((sum, one) => sum + one.lost, 0) / asked
}

/** What the other nodes lose over a transport to these servers, or to any; null where there is no other node. */
export function lossOfOthers(
  { agents, ledger }: Fleet,
  at: number,
  node: string,
  transport: Transport,
  servers?: readonly Pick<Target, 'address'>[],
): number | null {
  const addresses = servers && new Set(servers.map(({ address }) => address))
  // Some hundred agents tell what is usual; the first ones by name are as good as any.
  const queries = sortedAgents(ledger, agents)
    .slice(0, MOST_OTHERS)
    .filter((agent) => agent.node !== node)
    .flatMap((agent) => ofAgent(agent, transport, at).filter(({ address }) => addresses?.has(address) ?? true))
  return queries.length === 0 ? null : lossRate(queries)
}

const MOST_OTHERS = 200

/** The rows that show it: of each server that lost some the probe that lost most, by what is kept of it. */
export function lossyCells(sight: Sight, vantages: readonly Vantage[], servers: readonly LostQueries[]): Cell[] {
  return vantages.flatMap((vantage) =>
    servers
      .filter(({ lost }) => lost > 0)
      .flatMap((server) => {
        const cells = allCells(sight, vantage, server).filter(
          ({ planned }) => planned.transport === 'udp' && !planned.onlyAfterTruncation,
        )
        return cells.find(({ planned }) => planned.everySeconds === 0) ?? cells[0] ?? []
      }),
  )
}
