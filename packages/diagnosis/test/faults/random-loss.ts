import type { ProbeOf, Sees } from './fault-world.ts'

/** Numbers from 0 to 1 that look random, and are the same in every run (mulberry32). */
export function numbersFrom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const isService = ({ role }: ProbeOf) => role === 'cluster-dns' || role === 'cluster-dns-upstream'
export const isControl = ({ question }: ProbeOf) => ['connect', 'reach', 'health'].includes(question)

/** CoreDNS pods that answer nobody, and of what ClusterIPs spread the share that is sent to them. */
export function deadPods(seed: number, addresses: readonly string[], share: number): Sees {
  const next = numbersFrom(seed)
  return (_, probe) => {
    if (probe.role === 'endpoint') return addresses.includes(probe.address) && !isControl(probe) ? 'timeout' : null
    return isService(probe) && next() < share ? 'timeout' : null
  }
}

/** A share of a node's queries over UDP is lost, whoever they go to. */
export function lossyNode(seed: number, odd: string, share: number): Sees {
  const next = numbersFrom(seed)
  return (node, probe) =>
    node === odd && probe.transport === 'udp' && !isControl(probe) && next() < share ? 'timeout' : null
}
