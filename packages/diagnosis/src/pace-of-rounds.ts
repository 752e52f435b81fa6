import type { Plan } from '@oddnode/protocol'
import type { Fleet } from './fleet.ts'
import { sortedAgents } from './ledger.ts'

/** What the catalogue's seconds are written for. */
const USUAL_INTERVAL_SECONDS = 15

/**
 * How fast time goes for agents with shorter rounds than usual: everything that waits for so many rounds waits so much shorter. 1 for
 * rounds of 15 s and more.
 */
export const paceOf = ({ intervalSeconds }: Pick<Plan, 'intervalSeconds'>): number =>
  Math.min(1, intervalSeconds / USUAL_INTERVAL_SECONDS)

/** The same for a fleet, whose rounds are alike. */
export function fleetPace({ ledger, agents }: Fleet): number {
  const [first] = sortedAgents(ledger, agents)
  return first === undefined ? 1 : paceOf(first.plan)
}
