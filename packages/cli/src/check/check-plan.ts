import { fallbackInput, loadAgentConfig, roleOfNameserver, targetsOf, withoutRepeats } from '@oddnode/agent'
import { makePlan, type Plan, parseAddress, type Target } from '@oddnode/protocol'
import type { Surroundings } from './surroundings.ts'

/** What a person may name besides what shows. */
export type Wishes = {
  /** DNS servers, `address` or `address:port`, asked as if resolv.conf named them. */
  servers: readonly string[]
  /** An absolute name to ask all of them for. */
  name: string | null
  /** NTP servers, `address` or `address:port`. */
  ntp: readonly string[]
  /** An answer after this is late. */
  deadlineSeconds: number
}

/** Of the deadline: 2 s and 5 s by default, the patience of a stub resolver and what a cache keeps a SERVFAIL for. */
const PATIENCE = 2.5
const API_PORT = 443

/**
 * The plan of a check: an agent's own without an aggregator, and besides each further nameserver, the API server as a control that is no
 * DNS, what kubelet's file names, and the wishes. One who stands alone asks for all of its group.
 * @returns or one line for each wish that cannot be followed
 */
export function checkPlan(wishes: Wishes, surroundings: Surroundings): Plan | { errors: string[] } {
  const { resolvConf, nodeLocalAddresses, environment } = surroundings
  const loaded = loadAgentConfig({ arguments: flagsOf(wishes, surroundings), environment: {}, readFile: () => '' })
  if ('errors' in loaded) return { errors: loaded.errors }
  const sight = { resolvConf, localAddresses: nodeLocalAddresses ?? [], environment }
  const input = fallbackInput(loaded.value, sight)
  return makePlan({
    ...input,
    targets: withoutRepeats([...input.targets, ...furtherTargets(wishes, surroundings)]),
    asksForGroup: true,
    wildcardDomains: resolvConf.search,
  })
}

const flagsOf = ({ name, ntp, deadlineSeconds }: Wishes, { vantage, kubelet }: Surroundings): string[] => [
  `--vantage=${vantage}`,
  `--deadlineSeconds=${deadlineSeconds}`,
  `--closeSeconds=${deadlineSeconds * PATIENCE}`,
  `--suspicionSeconds=${deadlineSeconds * PATIENCE}`,
  ...(name === null ? [] : [`--names.external=${name.replace(/\.$/, '')}`]),
  ...(ntp.length === 0 ? [] : [`--targets.ntp=${ntp.join(',')}`]),
  ...(kubelet?.clusterDomain ? [`--names.clusterDomain=${kubelet.clusterDomain.replace(/\.$/, '')}`] : []),
]

function furtherTargets({ servers }: Wishes, { resolvConf, kubelet, environment }: Surroundings): Target[] {
  return [
    ...(kubelet?.clusterDns ?? []).flatMap((address) => targetsOf(clusterRoleOf(address), [address], 'kubernetes')),
    ...targetsOf('cluster-dns-upstream', [environment['KUBE_DNS_UPSTREAM_SERVICE_HOST'] ?? ''], 'environment'),
    ...resolvConf.usedNameservers.flatMap((address) => targetsOf(roleOfNameserver(address), [address], 'resolv.conf')),
    ...targetsOf('resolv-conf', servers, 'configuration'),
    ...apiServer(environment),
  ]
}

/** kubelet names the cache of its node, or else the ClusterIP. */
const clusterRoleOf = (address: string): Target['role'] =>
  roleOfNameserver(address) === 'node-local' ? 'node-local' : 'cluster-dns'

/** Kubernetes tells every container. */
function apiServer({ KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port }: Surroundings['environment']) {
  const parsed = parseAddress(host, Number(port) || API_PORT)
  return parsed === null ? [] : [{ role: 'api-server' as const, ...parsed, learnedFrom: 'environment' as const }]
}
