import { type Vantage, vantages } from '@oddnode/protocol'

/** Agents whose pushes were refused lately. */
export type RejectedAgents = {
  note: (vantage: string | undefined, node: string | undefined, now: number) => void
  /** How many there are of a vantage. */
  count: (vantage: Vantage, now: number) => number
}

/** An agent counts for as long as it would take to be called silent. */
const REMEMBERED_SECONDS = 60
/** Names are made up easily: above this the count stays where it is. */
const MAX_AGENTS = 10_000

export function createRejectedAgents(): RejectedAgents {
  const refusedAt: Record<Vantage, Map<string, number>> = { host: new Map(), pod: new Map() }
  return {
    note: (name, node, now) => {
      const vantage = vantages.find((known) => known === name)
      if (vantage === undefined || node === undefined) return
      const agents = refusedAt[vantage]
      if (agents.has(node) || agents.size < MAX_AGENTS) agents.set(node, now)
    },
    count: (vantage, now) => {
      const agents = refusedAt[vantage]
      for (const [node, at] of agents) if (now - at > REMEMBERED_SECONDS) agents.delete(node)
      return agents.size
    },
  }
}
