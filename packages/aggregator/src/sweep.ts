import type { Fleet } from '@oddnode/diagnosis'
import { agentRow } from './evaluation.ts'
import type { History } from './history.ts'
import { clockRows } from './memory.ts'
import type { Batch } from './store/store.ts'

/** Every agent's row is written once in this many calls … */
const CALLS_PER_SWEEP = 60
/** … and its clock readings in every tenth sweep: of a clock that stays as it is, one in ten minutes is kept (`clock-history.ts`). */
const SWEEPS_PER_CLOCK = 10

/**
 * Writes what changes with every push (when an agent was last heard of, its clock): some agents at each call, so that no call is long.
 * @returns the rows of this call; to be called once a second
 */
export function createSweep(fleet: Fleet, history: Pick<History, 'looked'>): () => Partial<Batch> {
  let sweep = 0
  let agents = fleet.agents.values()
  return () => {
    const rows: Pick<Batch, 'agents' | 'agentChanges' | 'clocks'> = { agents: [], agentChanges: [], clocks: [] }
    for (let left = Math.ceil(fleet.agents.size / CALLS_PER_SWEEP); left > 0; left--) {
      const { value: agent, done } = agents.next()
      if (done) {
        agents = fleet.agents.values()
        sweep++
        break
      }
      rows.agents.push(agentRow(agent))
      rows.agentChanges.push(...history.looked(agent, fleet.now))
      if (sweep % SWEEPS_PER_CLOCK === 0) rows.clocks.push(...clockRows(agent))
    }
    return rows
  }
}
