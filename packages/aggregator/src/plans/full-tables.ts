import { conntrackShare, type FleetAgent } from '@oddnode/diagnosis'

type HostAgent = Pick<FleetAgent, 'facts'>

/** As the catalogue calls a table full … */
const FULL = 0.95
/** … and one that has room again: plans must not change with every reading in between. */
const ROOM = 0.9

/**
 * Whether the connection table of a node is so full that its agents must not open a connection more than they need. The pods' packets go
 * through the same table, which only the host sees.
 * @param hostAgentOf the agent in the host's network; undefined where there is none, and then nothing is known
 */
export function createFullTables(hostAgentOf: (node: string) => HostAgent | undefined): (node: string) => boolean {
  const full = new WeakSet<HostAgent>()
  return (node) => {
    const host = hostAgentOf(node)
    if (host === undefined) return false
    const conntrack = host.facts?.conntrack
    const share = conntrack === undefined ? 0 : conntrackShare(conntrack)
    if (share >= FULL) full.add(host)
    else if (share < ROOM) full.delete(host)
    return full.has(host)
  }
}
