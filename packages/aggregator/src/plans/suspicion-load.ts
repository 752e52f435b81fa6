import type { Plan } from '@oddnode/protocol'
import { queriesOf, wayOf } from './rates.ts'

/** Queries per second that an agent adds while it asks again what failed. */
export type SuspicionLoad = {
  /** Through ClusterIPs and node-local DNS, to all CoreDNS pods together. */
  through: number
  /** To one CoreDNS pod itself, by its address. */
  direct: ReadonlyMap<string, number>
}

/** As many probes of an agent are under suspicion at once (`suspects.ts` of the agent). */
const MOST_SUSPECTS = 64
/** Agents wait a little longer than `suspicionSeconds` (`follow-up.ts` of the agent). */
const SHORTEST_WAIT = 1.05

/**
 * The most that an agent with this plan adds.
 * @param suspects indexes of the targets that it asks again; absent: all of them
 */
export function suspicionLoadOf(
  { probes, targets, suspicionSeconds }: Plan,
  suspects?: ReadonlySet<number>,
): SuspicionLoad {
  const asked = probes.filter((probe) => queriesOf(probe) > 0 && (suspects?.has(probe.target) ?? true))
  const share = Math.min(1, MOST_SUSPECTS / Math.max(1, asked.length))
  const direct = new Map<string, number>()
  let through = 0
  for (const probe of asked) {
    const target = targets[probe.target]
    const way = wayOf(target?.role, probe)
    if (target === undefined || way === null) continue
    const rate = (share * queriesOf(probe)) / (suspicionSeconds * SHORTEST_WAIT)
    if (way === 'direct') direct.set(target.address, (direct.get(target.address) ?? 0) + rate)
    else through += rate
  }
  return { through, direct }
}
