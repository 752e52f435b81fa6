import { states } from '@oddnode/protocol'
import { type Cell, cellOf } from './cell.ts'
import type { Fleet } from './fleet.ts'
import { sortedAgents } from './ledger.ts'

const FAILING = states.indexOf('failing')

/** The failing cells of the whole matrix that are meant, in the order of their nodes. Costs the agents on which something fails. */
export function failingCells({ ledger, agents }: Fleet, isMeant: (cell: Cell) => boolean): Cell[] {
  return sortedAgents(ledger, agents).flatMap((agent) => {
    if (!ledger.failing.has(agent)) return []
    const failing = agent.plan.probes.flatMap((_, probe) =>
      agent.windows.state[probe] === FAILING ? [cellOf(agent, probe)] : [],
    )
    return failing.filter(isMeant)
  })
}
