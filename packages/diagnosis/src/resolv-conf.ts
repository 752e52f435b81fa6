import type { Facts, Vantage } from '@oddnode/protocol'
import type { Fleet, FleetAgent } from './fleet.ts'

/** A resolv.conf that an agent told. */
export type ResolvConf = NonNullable<Facts['resolvConf']>

/** The resolv.conf of an agent's container; null where it was not told, or could not be read. */
export function resolvConfOf({ facts }: Pick<FleetAgent, 'facts'>): ResolvConf | null {
  const conf = facts?.resolvConf
  return conf === undefined || conf.error !== null ? null : conf
}

/**
 * The cluster's domain by a pod's search list, in which kubelet puts NAMESPACE.svc.DOMAIN, svc.DOMAIN and DOMAIN; null where it put none.
 */
export function domainOf({ search }: Pick<ResolvConf, 'search'>): string | null {
  const domain = search.find((one) => one.startsWith('svc.'))?.slice('svc.'.length)
  return domain === undefined || !search.includes(domain) ? null : domain
}

/** The names of nodes whose resolv.conf, as one vantage has it, is meant; in order. */
export function nodesWhose(
  { agents, nodes }: Fleet,
  vantage: Vantage,
  isMeant: (conf: ResolvConf, node: string) => boolean,
): string[] {
  const names: string[] = []
  for (const agent of agents.values()) {
    if (agent.vantage !== vantage || !nodes.has(agent.node)) continue
    const conf = resolvConfOf(agent)
    if (conf !== null && isMeant(conf, agent.node)) names.push(agent.node)
  }
  return names.sort()
}
