import { type DnsEndpoint, states, type Target } from '@oddnode/protocol'
import { type Cell, cellOf, targetKey } from './cell.ts'
import { cellIdsOf } from './cell-ids.ts'
import { stateOf, wasAnsweredAfter } from './cell-truth.ts'
import type { Fleet, FleetAgent } from './fleet.ts'
import { type ColumnTally, columnKey, sortedAgents } from './ledger.ts'
import type { Truth } from './truth.ts'

/** How the same probe stands on all nodes that ask it from this vantage, this one included; undefined where nobody has data. */
export function columnOf({ ledger }: Fleet, { agent, probe }: Cell): ColumnTally | undefined {
  const id = cellIdsOf(ledger.cellIds, agent.plan)[probe] as number
  return ledger.columns.get(columnKey(id, agent.vantage))
}

/**
 * The same probe on other nodes of the group that answered well after `since`; the first ones by name.
 * @param since seconds on the aggregator's clock
 */
export function healthyBeside(fleet: Fleet, cell: Cell, since: number, most = 1): Cell[] {
  const healthy: Cell[] = []
  const tally = columnOf(fleet, cell)
  if (tally === undefined || tally.ok + tally.degraded === 0) return []
  const id = cellIdsOf(fleet.ledger.cellIds, cell.agent.plan)[cell.probe] as number
  const group = fleet.nodes.get(cell.node)?.group
  for (const agent of sortedAgents(fleet.ledger, fleet.agents)) {
    if (healthy.length >= most) break
    if (agent.vantage !== cell.vantage || agent.node === cell.node) continue
    const probe = agent.plan === cell.agent.plan ? cell.probe : cellIdsOf(fleet.ledger.cellIds, agent.plan).indexOf(id)
    // What costs most comes last: where nearly every node fails, nearly every agent is gone through.
    if (probe < 0 || !isHealthy(agent, probe, since) || fleet.nodes.get(agent.node)?.group !== group) continue
    healthy.push(cellOf(agent, probe))
  }
  return healthy
}

function isHealthy(agent: FleetAgent, probe: number, since: number): boolean {
  const state = states[agent.windows.state[probe] as number]
  return (state === 'ok' || state === 'degraded') && wasAnsweredAfter({ agent, probe }, since)
}

/** Most other nodes are answered well where this cell is not, and one of them was since. */
export function othersOk(fleet: Fleet, cell: Cell, since: number): Truth {
  const tally = columnOf(fleet, cell)
  if (tally === undefined) return 'no-data'
  const itself = stateOf(cell)
  const failing = tally.failing - (itself === 'failing' ? 1 : 0)
  const well = tally.ok + tally.degraded - (itself === 'ok' || itself === 'degraded' ? 1 : 0)
  if (well + failing === 0) return 'no-data'
  if (failing >= well) return 'no'
  return healthyBeside(fleet, cell, since).length > 0 ? 'yes' : 'wait'
}

/** What the API says of a CoreDNS pod; null where it says nothing. */
export function endpointOf({ cluster }: Fleet, { address }: Pick<Target, 'address'>): DnsEndpoint | null {
  return cluster?.dns.endpoints?.find((endpoint) => endpoint.address === address) ?? null
}

/** The columns in which a server is asked as the catalogue's cells are, from both vantages. */
export function columnsOf(
  { ledger }: Fleet,
  target: Pick<Target, 'role' | 'address' | 'port'>,
): readonly ColumnTally[] {
  return (ledger.byTarget.get(targetKey(target)) ?? []).filter(({ plain }) => plain)
}
