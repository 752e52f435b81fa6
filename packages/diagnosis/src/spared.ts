import type { Plan, Vantage } from '@oddnode/protocol'
import { badRun } from './bad-run.ts'
import { type Cell, targetKey } from './cell.ts'
import { cellIdsOf } from './cell-ids.ts'
import { wasAnsweredAfter } from './cell-truth.ts'
import type { Fleet, FleetAgent } from './fleet.ts'
import { sortedAgents } from './ledger.ts'

/**
 * An agent of some other node is answered on all of these probes that it asks, and it asks more than one of their servers: what is cut off
 * here is open there, so that it is not the servers.
 * @param since seconds on the aggregator's clock
 */
export const areSparedSomewhere = (fleet: Fleet, cells: readonly Cell[], since: number): boolean =>
  someElsewhere(
    fleet,
    cells,
    (agent, probes) =>
      probes.every((probe) => isAnswered({ agent, probe }, since)) &&
      new Set(probes.map((probe) => serverOf(agent, probe))).size > 1,
  )

/** One of these probes is answered on some other node, be it now and then. @param since seconds on the aggregator's clock */
export const isAnsweredSomewhere = (fleet: Fleet, cells: readonly Cell[], since: number): boolean =>
  someElsewhere(fleet, cells, (agent, probes) => probes.some((probe) => wasAnsweredAfter({ agent, probe }, since)))

const isAnswered = (one: Pick<Cell, 'agent' | 'probe'>, since: number): boolean =>
  badRun(one.agent.windows, one.probe).bad === 0 && wasAnsweredAfter(one, since)

function serverOf({ plan }: FleetAgent, probe: number): string {
  const target = plan.targets[plan.probes[probe]?.target ?? -1]
  return target === undefined ? '' : targetKey(target)
}

/** @param holds for an agent of a node that none of the cells is of, and its probes that are the same as these */
function someElsewhere(
  { agents, ledger }: Fleet,
  cells: readonly Cell[],
  holds: (agent: FleetAgent, probes: readonly number[]) => boolean,
): boolean {
  const nodes = new Set(cells.map(({ node }) => node))
  const probesOf = sameProbes({ ledger }, cells)
  return sortedAgents(ledger, agents).some((agent) => !nodes.has(agent.node) && holds(agent, probesOf(agent)))
}

/** Many agents have the same plan: it is gone through once. */
function sameProbes({ ledger }: Pick<Fleet, 'ledger'>, cells: readonly Cell[]) {
  const wanted: Record<Vantage, Set<number>> = { host: new Set(), pod: new Set() }
  for (const { agent, probe, vantage } of cells) {
    wanted[vantage].add(cellIdsOf(ledger.cellIds, agent.plan)[probe] as number)
  }
  const byPlan: Record<Vantage, Map<Plan, number[]>> = { host: new Map(), pod: new Map() }
  return ({ plan, vantage }: FleetAgent): readonly number[] => {
    const known = byPlan[vantage].get(plan)
    if (known !== undefined) return known
    const probes = [...cellIdsOf(ledger.cellIds, plan)].flatMap((id, probe) => (wanted[vantage].has(id) ? [probe] : []))
    byPlan[vantage].set(plan, probes)
    return probes
  }
}
