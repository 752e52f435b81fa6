// Ways to break what people check by hand when DNS fails. Each returns how to repair it.
import type { Report } from '@oddnode/protocol'
import { get, kubectl } from './commands.ts'
import { changeCoreDns, coreDnsPods, undoCoreDns } from './dns-servers.ts'
import { heal, makeFault } from './faults-command.ts'
import { deleteAgents } from './nodes.ts'
import { NAMESPACE } from './release.ts'

export type Repair = () => Promise<unknown>

/** CoreDNS may no longer read EndpointSlices, and one pod of it starts anew. */
export async function takeRightsOfCoreDns(): Promise<Repair> {
  const repair = await withoutRules('clusterrole/system:coredns', ({ resources }) =>
    resources.includes('endpointslices'),
  )
  const [pod] = await coreDnsPods()
  await kubectl('-n', 'kube-system', 'delete', 'pod', pod?.name ?? '')
  return repair
}

/** The aggregator may no longer read the Corefile. */
export const hideCorefile = (): Promise<Repair> =>
  withoutRules(
    `role/oddnode-aggregator-${NAMESPACE}`,
    ({ resources }) => resources.includes('configmaps'),
    '-n',
    'kube-system',
  )

type Rule = { resources: string[] }

async function withoutRules(role: string, isTaken: (rule: Rule) => boolean, ...where: string[]): Promise<Repair> {
  const { rules } = await get<{ rules: Rule[] }>(role, ...where)
  const write = (value: Rule[]) =>
    kubectl(
      'patch',
      role,
      ...where,
      '--type=json',
      '--patch',
      JSON.stringify([{ op: 'replace', path: '/rules', value }]),
    )
  await write(rules.filter((rule) => !isTaken(rule)))
  return () => write(rules)
}

/** The Service of cluster DNS loses the label that it is known by. */
export async function unlabelService(): Promise<Repair> {
  const label = (value: string) => kubectl('-n', 'kube-system', 'label', 'service/kube-dns', value, '--overwrite')
  await label('k8s-app-')
  return () => label('k8s-app=kube-dns')
}

/** A roll-out of CoreDNS hangs, since its new pod belongs on no node. */
export async function startCoreDnsNowhere(): Promise<Repair> {
  await changeCoreDns({ nodeSelector: { 'oddnode-e2e': 'nowhere' } })
  return undoCoreDns
}

/** A roll-out of CoreDNS hangs, since its new pod runs and never becomes ready. */
export async function startCoreDnsUnready(): Promise<Repair> {
  await changeCoreDns({ containers: [{ name: 'coredns', readinessProbe: { httpGet: { path: '/nowhere' } } }] })
  return undoCoreDns
}

/** What kubelet hands on to containers that start from now on: the host's agent gets a copy. */
export async function writeResolvConf(node: string, resolvConf: string): Promise<Repair> {
  await makeFault(node, 'resolv-conf', resolvConf)
  await deleteAgents(node)
  return async () => {
    await heal(node)
    await deleteAgents(node)
  }
}

/** The first nameserver of a node, as its host agent sees it. */
export const upstreamOf = (seen: Report, node: string): string =>
  resolvConfOf(seen, node, 'host')?.usedNameservers[0] ?? ''

/** Pods of a DaemonSet get a search list without their own namespace. */
export async function forgetNamespace(seen: Report, node: string): Promise<Repair> {
  const { usedNameservers = [], search = [] } = resolvConfOf(seen, node, 'pod') ?? {}
  const searches = search.filter((domain) => !domain.startsWith(`${NAMESPACE}.`))
  await patchAgents({ dnsPolicy: 'None', dnsConfig: { nameservers: usedNameservers, searches } })
  return () => patchAgents({ dnsPolicy: 'ClusterFirst', dnsConfig: null })
}

const patchAgents = (spec: object): Promise<string> =>
  kubectl(
    '-n',
    NAMESPACE,
    'patch',
    'daemonset/oddnode-agent-pod',
    '--patch',
    JSON.stringify({ spec: { template: { spec } } }),
  )

const resolvConfOf = ({ nodes }: Report, node: string, vantage: 'host' | 'pod') =>
  nodes.find(({ name }) => name === node)?.agents.find((agent) => agent.vantage === vantage)?.facts?.resolvConf
