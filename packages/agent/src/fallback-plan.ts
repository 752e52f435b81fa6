import {
  DNS_PORT,
  isDnsName,
  makePlan,
  type Names,
  type Plan,
  type PlanInput,
  parseAddress,
  type ResolvConfFact,
  type Role,
  type Target,
} from '@oddnode/protocol'
import type { AgentConfig } from './config-schema.ts'

const NTP_PORT = 123

/** Where node-local DNS usually listens: the addon, kubespray, Talos. */
export const usualNodeLocalAddresses = ['169.254.20.10', '169.254.25.10', '169.254.116.108'] as const

/** What an agent can see without anybody's help. */
export type Sight = {
  /** Absent where it cannot be read. */
  resolvConf: Pick<ResolvConfFact, 'usedNameservers' | 'search'> | undefined
  /** Those of `usualNodeLocalAddresses` that live on this node. */
  localAddresses: readonly string[]
  /** Kubernetes puts the Services of a pod's own namespace into it: cluster DNS, for a pod in kube-system. */
  environment: Readonly<Record<string, string | undefined>>
}

/**
 * The plan of an agent that no aggregator gave one: what its configuration names, and else what its resolv.conf and its own addresses
 * show. Never a customary address that nobody here uses.
 */
export const fallbackPlan = (config: AgentConfig, sight: Sight): Plan => makePlan(fallbackInput(config, sight))

/** What `fallbackPlan` is made from. */
export function fallbackInput(
  config: AgentConfig,
  { resolvConf: seen, localAddresses, environment }: Sight,
): PlanInput {
  const resolvConf = seen ?? { usedNameservers: [], search: [] }
  const names = namesOf(config, resolvConf)
  const configured: [Role, readonly string[]][] = [
    ['node-local', config.targets.nodeLocal],
    ['cluster-dns', config.targets.clusterDns],
    ['cluster-dns-upstream', config.targets.clusterDnsUpstream],
    ['endpoint', config.targets.endpoint],
    ['upstream', config.targets.upstream],
  ]
  const targets: Target[] = [
    ...configured.flatMap(([role, addresses]) => targetsOf(role, addresses, 'configuration')),
    ...targetsOf('node-local', localAddresses, 'local-address'),
    ...targetsOf('cluster-dns', [environment['KUBE_DNS_SERVICE_HOST'] ?? ''], 'environment'),
    ...resolvConf.usedNameservers
      .slice(0, 1)
      .flatMap((address) => targetsOf(roleOfNameserver(address), [address], 'resolv.conf')),
  ]
  return {
    vantage: config.vantage,
    targets: withoutRepeats(targets),
    names,
    intervalSeconds: config.intervalSeconds,
    deadlineSeconds: config.deadlineSeconds,
    closeSeconds: config.closeSeconds,
    suspicionSeconds: config.suspicionSeconds,
    ntp: config.targets.ntp.flatMap((text) => parseAddress(text, NTP_PORT) ?? []),
    aggregators: [],
    ...(servicesOf(resolvConf) === undefined ? {} : { resolvConfServesCluster: true }),
  }
}

/** `svc.DOMAIN` in a search list: the resolver of that file serves a cluster. */
const servicesOf = ({ search }: Pick<ResolvConfFact, 'search'>): string | undefined =>
  search.find((domain) => domain.startsWith('svc.') && isDnsName(domain, 'clusterDomain'))

/** kubelet writes the search list NAMESPACE.svc.DOMAIN svc.DOMAIN DOMAIN into every pod. */
function namesOf({ names }: AgentConfig, resolvConf: Pick<ResolvConfFact, 'search'>): Names {
  const readable = resolvConf.search.filter((domain) => isDnsName(domain, 'clusterDomain'))
  const services = servicesOf(resolvConf)
  const own = readable.find((domain) => services !== undefined && domain.endsWith(`.${services}`))
  return {
    clusterDomain: names.clusterDomain || services?.slice('svc.'.length) || null,
    namespace: names.namespace || own?.split('.')[0] || null,
    external: names.external || null,
    canary: null,
  }
}

/** A link-local nameserver is a node's own cache; what any other one is, only the Kubernetes API could tell. */
export const roleOfNameserver = (address: string): Role =>
  address.startsWith('169.254.') ? 'node-local' : 'resolv-conf'

/** DNS servers by their addresses; what is no address is left out. */
export function targetsOf(role: Role, addresses: readonly string[], learnedFrom: Target['learnedFrom']): Target[] {
  return addresses.flatMap((text) => {
    const parsed = parseAddress(text, DNS_PORT)
    return parsed ? [{ role, ...parsed, learnedFrom }] : []
  })
}

/** `resolv-conf` is asked nothing where it is one of the others. */
export function withoutRepeats(targets: readonly Target[]): Target[] {
  const seen = new Set<string>()
  return targets.filter(({ address, port }) => {
    const key = `${address} ${port}`
    return seen.has(key) ? false : seen.add(key)
  })
}
