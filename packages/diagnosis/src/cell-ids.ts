import type { Plan } from '@oddnode/protocol'
import { probeKeys } from './probe-key.ts'

/**
 * A number for each probe key, so that 800,000 cells of a matrix are compared by number: the same probe has the same number in every
 * plan.
 */
export type CellIds = {
  ids: Map<string, number>
  byPlan: WeakMap<Plan, Int32Array>
}

/** Endpoints come and go: above this many keys the numbers are given anew. */
const MAX_KEYS = 200_000

export function createCellIds(): CellIds {
  return { ids: new Map(), byPlan: new WeakMap() }
}

/** The numbers of a plan's probes, by index. Worked out once for each plan object. */
export function cellIdsOf(cellIds: CellIds, plan: Plan): Int32Array {
  const known = cellIds.byPlan.get(plan)
  if (known !== undefined) return known
  const numbers = Int32Array.from(probeKeys(plan), (key) => numberOf(cellIds.ids, key))
  cellIds.byPlan.set(plan, numbers)
  return numbers
}

function numberOf(ids: Map<string, number>, key: string): number {
  const known = ids.get(key)
  if (known !== undefined) return known
  ids.set(key, ids.size)
  return ids.size - 1
}

/** Whether there are too many numbers: then they are given anew, and all that is counted by them with them. */
export const hasTooMany = ({ ids }: CellIds): boolean => ids.size > MAX_KEYS
