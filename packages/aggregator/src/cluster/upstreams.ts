import { isLoopback } from '@oddnode/protocol'
import type { SeenByAgents } from './agent-facts.ts'
import { forwardAddresses, forwardsToResolvConf } from './corefile.ts'

const MOST_UPSTREAMS = 16

/**
 * Resolvers outside the cluster: where the Corefile forwards to, and what hosts use where it forwards to their resolv.conf, or where no
 * Corefile could be read (node-local DNS forwards there too).
 * @param own addresses of cluster DNS and node-local DNS: whoever names these as upstream asks itself, which is a fault and no resolver
 */
export function upstreamsOf(
  forwards: readonly string[],
  seen: Pick<SeenByAgents, 'hostNameservers'>,
  own: readonly string[],
): string[] {
  const hosts = forwards.length === 0 || forwardsToResolvConf(forwards) ? seen.hostNameservers : []
  const all = [...forwardAddresses(forwards), ...hosts.map(({ value }) => value)]
  return [...new Set(all)]
    .filter((address) => !isLoopback(address) && !own.includes(address) && !address.includes('%'))
    .slice(0, MOST_UPSTREAMS)
}
