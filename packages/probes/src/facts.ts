import { join } from 'node:path'
import type { Facts, Plan } from '@oddnode/protocol'
import { readConntrack } from './conntrack.ts'
import { readHosts } from './hosts.ts'
import { readLocalAddresses } from './local-addresses.ts'
import { readResolvConf } from './resolv-conf.ts'
import { readRoutes } from './routes.ts'
import { readSystem } from './system.ts'
import { readUdpCounters } from './udp-counters.ts'

/** Where the node's files are: a container may have them mounted elsewhere. */
export type FactRoots = { proc: string; sys: string; etc: string }

export const machineRoots: FactRoots = { proc: '/proc', sys: '/sys', etc: '/etc' }

/** Reads every fact that this vantage can. What cannot be read is absent. Never rejects. */
export async function readFacts(plan: Pick<Plan, 'targets'>, roots: FactRoots = machineRoots): Promise<Facts> {
  const { proc, etc } = roots
  const addresses = [...new Set(plan.targets.map((target) => target.address))]
  const [resolvConf, system, hosts, localAddresses, routes, conntrack, udp] = await Promise.all([
    readResolvConf(join(etc, 'resolv.conf')),
    readSystem(etc),
    readHosts(etc),
    readLocalAddresses(addresses, proc),
    readRoutes(addresses, roots),
    readConntrack(proc),
    readUdpCounters(proc),
  ])
  return {
    resolvConf,
    system,
    ...(hosts && { hosts }),
    ...(localAddresses && { localAddresses }),
    ...(routes && { routes }),
    ...(conntrack && { conntrack }),
    ...(udp && { udp }),
  }
}
