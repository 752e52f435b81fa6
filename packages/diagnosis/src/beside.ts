import { states } from '@oddnode/protocol'
import type { Cell } from './cell.ts'
import { cellIdsOf } from './cell-ids.ts'
import { stateOf } from './cell-truth.ts'
import type { Fleet, FleetAgent } from './fleet.ts'
import { sortedAgents } from './ledger.ts'
import { columnOf } from './peers.ts'
import { all, type Truth } from './truth.ts'

/**
 * Each of these probes was answered well on some other node since: it is not the server. One such node is enough, because the majority may
 * be the odd ones, and any node is, comparable or not. `no-data` where no other node asks.
 * @param since seconds on the aggregator's clock
 */
export function okElsewhere(fleet: Fleet, cells: readonly Cell[], since: number): Truth {
  const known = cells.filter((cell) => stateOf(cell) !== 'no-data')
  return known.length === 0 ? 'no-data' : all(...known.map((cell) => cellOkElsewhere(fleet, cell, since)))
}

/** The same probe from the same vantage was answered well since, on a node that is none of these. */
export function isAnsweredElsewhere(
  { agents, ledger }: Fleet,
  { agent: asker, probe: asked }: Cell,
  since: number,
  except: readonly string[],
): boolean {
  const id = cellIdsOf(ledger.cellIds, asker.plan)[asked] as number
  return sortedAgents(ledger, agents).some((agent) => {
    if (agent.vantage !== asker.vantage || except.includes(agent.node)) return false
    const probe = agent.plan === asker.plan ? asked : cellIdsOf(ledger.cellIds, agent.plan).indexOf(id)
    return probe >= 0 && isAnswered(agent, probe, since)
  })
}

function cellOkElsewhere(fleet: Fleet, cell: Cell, since: number): Truth {
  const tally = columnOf(fleet, cell)
  if (tally === undefined) return 'no-data'
  const fails = stateOf(cell) === 'failing'
  const failing = tally.failing - (fails ? 1 : 0)
  const well = tally.ok + tally.degraded - (fails ? 0 : 1)
  if (well + failing === 0) return 'no-data'
  if (well === 0) return 'no'
  return isAnsweredElsewhere(fleet, cell, since, [cell.node]) ? 'yes' : 'wait'
}

function isAnswered({ windows }: FleetAgent, probe: number, since: number): boolean {
  const state = states[windows.state[probe] as number]
  return (state === 'ok' || state === 'degraded') && (windows.goodAt[probe] as number) > since
}
