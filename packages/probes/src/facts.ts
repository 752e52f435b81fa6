import { join } from 'node:path'
import type { Facts, Plan, Vantage } from '@oddnode/protocol'
import { readConntrack } from './conntrack.ts'
import { readHosts } from './hosts.ts'
import { readLocalAddresses } from './local-addresses.ts'
import { readNetwork } from './network.ts'
import { readResolvConf } from './resolv-conf.ts'
import { readRoutes } from './routes.ts'
import { readSystem } from './system.ts'
import { readTimeKeeping } from './time-keeping.ts'
import { readUdpCounters } from './udp-counters.ts'

/** Where the node's files are: a container may have them mounted elsewhere. */
export type FactRoots = { proc: string; sys: string; etc: string; run: string }

export const machineRoots: FactRoots = { proc: '/proc', sys: '/sys', etc: '/etc', run: '/run' }

/**
 * Reads every fact that this vantage can. What cannot be read is absent. Never rejects.
 * @param vantage who keeps the clock shows from the host's network alone
 */
export async function readFacts(
  plan: Pick<Plan, 'targets'>,
  vantage: Vantage,
  roots: FactRoots = machineRoots,
): Promise<Facts> {
  const { proc, etc } = roots
  const addresses = [...new Set(plan.targets.map((target) => target.address))]
  const [resolvConf, system, hosts, localAddresses, routes, conntrack, network, timeKeeping, udp] = await Promise.all([
    readResolvConf(join(etc, 'resolv.conf')),
    readSystem(etc),
    readHosts(etc),
    readLocalAddresses(addresses, proc),
    readRoutes(addresses, roots),
    readConntrack(proc),
    readNetwork(proc),
    vantage === 'host' ? readTimeKeeping(roots) : undefined,
    readUdpCounters(proc),
  ])
  return {
    resolvConf,
    system,
    ...(hosts && { hosts }),
    ...(localAddresses && { localAddresses }),
    ...(routes && { routes }),
    ...(conntrack && { conntrack }),
    ...(network && { network }),
    ...(timeKeeping && { timeKeeping }),
    ...(udp && { udp }),
  }
}
