import type { Target } from '@oddnode/protocol'

/** The source port that this agent keeps for a target. */
export type FixedPorts = (target: Pick<Target, 'address' | 'port'>) => number

/** More targets than this share ports: a plan has at most as many. */
const MOST_PORTS = 256

/**
 * Source ports for the life of an agent, one for each target, whatever plans say of their order: only a port that stays the same finds
 * connection tracking that remembers (kubernetes/kubernetes#125467).
 * @param first of 256 ports
 */
export function createFixedPorts(first: number): FixedPorts {
  const ports = new Map<string, number>()
  return ({ address, port }) => {
    const key = `${address} ${port}`
    const kept = ports.get(key) ?? first + (ports.size % MOST_PORTS)
    ports.set(key, kept)
    return kept
  }
}
