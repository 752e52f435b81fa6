import { isIPv4 } from 'node:net'
import type { Cluster } from '@oddnode/protocol'
import { API_SERVER, CLUSTER_DNS, CLUSTER_DNS_UPSTREAM, outside } from './layout.ts'
import type { Namespaces } from './namespaces.ts'
import type { ClusterOptions } from './options.ts'
import { iptablesRules, nftablesRules, type Service } from './service-rules.ts'

/** What kube-proxy translates: cluster DNS to the endpoints that are ready, and the API. */
function servicesOf({ dns, apiServer }: Cluster): Service[] {
  const ready = (dns.endpoints ?? []).filter((endpoint) => endpoint.ready && !endpoint.terminating)
  const endpoints = ready.filter(({ address }) => isIPv4(address)).map(({ address }) => ({ address, port: 53 }))
  const transports = ['udp', 'tcp'] as const
  return [
    ...[CLUSTER_DNS, CLUSTER_DNS_UPSTREAM].map((address) => ({ address, transports, port: 53, endpoints })),
    {
      address: API_SERVER,
      transports: ['tcp'] as const,
      port: apiServer?.port ?? 443,
      endpoints: [{ address: outside.apiServer, port: 6443 }],
    },
  ]
}

/** What kube-proxy on a node does when the API tells it of a change. */
export async function writeServices(
  namespaces: Namespaces,
  node: string,
  { flavour }: ClusterOptions,
  picture: Cluster,
): Promise<void> {
  const services = servicesOf(picture)
  if (flavour === 'nftables') await namespaces.run(node, ['nft', '-f', '-'], nftablesRules(services))
  else await namespaces.run(node, ['iptables-restore'], iptablesRules(services))
}
