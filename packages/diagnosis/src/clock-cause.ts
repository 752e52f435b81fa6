import { isUnsynchronised } from './clock-memory.ts'
import { agentKey, type Fleet } from './fleet.ts'

/** Why a node's clock is off, as far as its host agent has seen what keeps it; null where nothing was seen amiss, or nothing was seen. */
export function clockCause(node: string, { agents }: Fleet): string | null {
  const keeping = agents.get(agentKey(node, 'host'))?.facts?.timeKeeping
  if (keeping?.daemon === 'none') return `No time daemon runs on ${node}: nobody sets its clock, and it drifts.`
  if (isUnsynchronised(keeping))
    return `The time daemon of ${node} says that it is not synchronised: none of its sources answers, or it believes none of them.`
  return null
}
