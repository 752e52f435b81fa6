import { agentKey } from './fleet.ts'
import type { Sight } from './sight.ts'
import { type Truth, truth } from './truth.ts'

/** Node-local DNS takes an address over: by its arguments, or because it does on some node. */
export function ownedByNodeLocal({ fleet }: Pick<Sight, 'fleet'>, address: string): Truth {
  if (fleet.cluster?.dns.nodeLocalOwns.includes(address)) return 'yes'
  const hosts = [...fleet.nodes.keys()].map((name) => fleet.agents.get(agentKey(name, 'host')))
  return truth(hosts.some((host) => host?.facts?.localAddresses?.includes(address) && !host.facts.network?.ipvs))
}
