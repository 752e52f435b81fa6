/** So many lists are remembered; beyond that they begin anew. */
const MOST_LISTS = 10_000

const known = new Map<string, readonly string[]>()

/**
 * One list for all that have the same items in the same order: 20,000 agents get the same answers, and each list of its own would be
 * memory that the garbage collector has to go through.
 */
export function sharedList(items: readonly string[]): readonly string[] {
  const key = JSON.stringify(items)
  const list = known.get(key)
  if (list !== undefined) return list
  if (known.size >= MOST_LISTS) known.clear()
  known.set(key, items)
  return items
}
