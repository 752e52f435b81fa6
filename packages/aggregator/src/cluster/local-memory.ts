/** An address that lived on a node stays known for so long after no agent tells of it any more. */
const MEMORY_SECONDS = 600

/**
 * Agents tell which addresses of their targets live on their node. A usual address of node-local DNS is such a target only until the agent has
 * a plan that does not know it yet: it must not be forgotten between the two.
 * @returns the addresses of now and of the last ten minutes
 */
export function createLocalMemory(): (addresses: readonly string[], at: number) => string[] {
  const lastSeenAt = new Map<string, number>()
  return (addresses, at) => {
    for (const address of addresses) lastSeenAt.set(address, at)
    for (const [address, seenAt] of lastSeenAt) if (at - seenAt > MEMORY_SECONDS) lastSeenAt.delete(address)
    return [...lastSeenAt.keys()].sort()
  }
}
