/** A Service with a ClusterIP: what leads to which endpoints. */
export type Service = {
  address: string
  transports: readonly ('udp' | 'tcp')[]
  port: number
  endpoints: readonly Endpoint[]
}
export type Endpoint = { address: string; port: number }

/** kube-proxy is gone, and its rules. */
export const NO_NFTABLES_RULES = 'table ip kube-proxy\ndelete table ip kube-proxy\n'

/**
 * What kube-proxy in nftables mode writes: a random endpoint for each new connection, in prerouting for pods and in output for the host;
 * masquerade where a pod reaches itself; reject where a Service has no endpoint.
 */
export function nftablesRules(services: readonly Service[]): string {
  const empty = services.filter(({ endpoints }) => endpoints.length === 0)
  return `table ip kube-proxy
delete table ip kube-proxy
table ip kube-proxy {
  chain services {
${lines(services.flatMap(translations))}
  }
  chain prerouting { type nat hook prerouting priority dstnat; jump services; }
  chain output { type nat hook output priority -100; jump services; }
  chain masquerading {
    type nat hook postrouting priority srcnat;
${lines(hairpins(services))}
  }
  chain no-endpoints {
${lines(empty.flatMap(rejections))}
  }
  chain forward { type filter hook forward priority filter; jump no-endpoints; }
  chain local { type filter hook output priority filter; jump no-endpoints; }
}
`
}

const lines = (rules: readonly string[]) => rules.map((rule) => `    ${rule}`).join('\n')

const matches = ({ address, transports, port }: Service) =>
  transports.map((transport) => `ip daddr ${address} ${transport} dport ${port}`)

function translations(service: Service): string[] {
  const { endpoints } = service
  if (endpoints.length === 0) return []
  const choice = endpoints.map(({ address, port }, index) => `${index} : ${address} . ${port}`).join(', ')
  return matches(service).map((match) => `${match} dnat ip to numgen random mod ${endpoints.length} map { ${choice} }`)
}

function hairpins(services: readonly Service[]): string[] {
  const addresses = new Set(services.flatMap(({ endpoints }) => endpoints.map(({ address }) => address)))
  return [...addresses].map((address) => `ip saddr ${address} ip daddr ${address} masquerade`)
}

const rejections = (service: Service): string[] => matches(service).map((match) => `${match} reject`)

/** The same as kube-proxy in iptables mode writes it, for iptables-restore. */
export function iptablesRules(services: readonly Service[]): string {
  const empty = services.filter(({ endpoints }) => endpoints.length === 0)
  return `*nat
:KUBE-SERVICES - [0:0]
${services.flatMap(iptablesTranslations).join('\n')}
-A PREROUTING -j KUBE-SERVICES
-A OUTPUT -j KUBE-SERVICES
COMMIT
*filter
${empty.flatMap(iptablesRejections).join('\n')}
COMMIT
`
}

function iptablesTranslations({ address, transports, port, endpoints }: Service): string[] {
  return transports.flatMap((transport) =>
    endpoints.map((endpoint, index) => {
      const rest = endpoints.length - index
      const chance = rest === 1 ? '' : `-m statistic --mode random --probability ${(1 / rest).toFixed(5)} `
      const match = `-d ${address}/32 -p ${transport} -m ${transport} --dport ${port}`
      return `-A KUBE-SERVICES ${match} ${chance}-j DNAT --to-destination ${endpoint.address}:${endpoint.port}`
    }),
  )
}

const iptablesRejections = ({ address, transports, port }: Service): string[] =>
  ['FORWARD', 'OUTPUT'].flatMap((chain) =>
    transports.map(
      (transport) => `-A ${chain} -d ${address}/32 -p ${transport} -m ${transport} --dport ${port} -j REJECT`,
    ),
  )
