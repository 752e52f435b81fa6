import { API_SERVER } from './layout.ts'
import { ttlSeconds } from './quick.ts'

export const DOMAIN = 'cluster.local'
export const NAMESPACE = 'oddnode'
export const CANARY = `oddnode-agents.${NAMESPACE}.svc.${DOMAIN}`
/** What the operator chose as a name outside the cluster, and where it leads. */
export const EXTERNAL = 'www.example.com'
export const EXTERNAL_ADDRESS = '93.184.215.14'

/** Octets of the answers that large names have, or up to 15 fewer: none is larger than it says. */
export const largeSizes = [512, 1232, 1400, 1460, 1800, 4000] as const
export const largeName = (octets: number) => `large-${octets}.${NAMESPACE}.svc.${DOMAIN}`
/** A headless Service of somebody else, with more addresses than 512 octets hold. */
export const LARGE_SERVICE = { name: `web.shop.svc.${DOMAIN}`, octets: 1232 }

/** Lines of a zone file that cluster DNS answers from, as CoreDNS does for an empty cluster with oddnode in it. */
export function clusterRecords(canary: readonly string[]): string[] {
  return [
    `${DOMAIN}. ${ttlSeconds} IN SOA ns.dns.${DOMAIN}. hostmaster.${DOMAIN}. 1 7200 1800 86400 ${ttlSeconds}`,
    `${DOMAIN}. ${ttlSeconds} IN NS ns.dns.${DOMAIN}.`,
    `ns.dns.${DOMAIN}. ${ttlSeconds} IN A 10.96.0.10`,
    `dns-version.${DOMAIN}. ${ttlSeconds} IN TXT "1.1.0"`,
    `kubernetes.default.svc.${DOMAIN}. ${ttlSeconds} IN A ${API_SERVER}`,
    ...canary.map((address) => `${CANARY}. ${ttlSeconds} IN A ${address}`),
    ...largeSizes.flatMap((octets) => largeRecords(largeName(octets), octets)),
    ...largeRecords(LARGE_SERVICE.name, LARGE_SERVICE.octets),
  ]
}

/** Lines of a zone file that an upstream resolver answers from; it says NXDOMAIN to everything else. */
export const outsideRecords = (): string[] => [
  `. ${ttlSeconds} IN SOA ns.example.com. hostmaster.example.com. 1 7200 1800 86400 ${ttlSeconds}`,
  `${EXTERNAL}. ${ttlSeconds} IN A ${EXTERNAL_ADDRESS}`,
  `${EXTERNAL}. ${ttlSeconds} IN AAAA 2606:2800:21f:cb07:6820:80da:af6b:8b2c`,
]

const HEADER_OCTETS = 12
const OPT_OCTETS = 11
/** A compressed name, type, class, TTL, length and an IPv4 address. */
const RECORD_OCTETS = 16

/** Addresses of a headless Service that never had a pod, from 192.0.2.0/24 and the like (RFC 5737). */
function largeRecords(name: string, octets: number): string[] {
  const question = name.length + 2 + 4
  const count = Math.floor((octets - HEADER_OCTETS - question - OPT_OCTETS) / RECORD_OCTETS)
  return Array.from(
    { length: count },
    (_, i) => `${name}. ${ttlSeconds} IN A 192.0.${2 + Math.floor(i / 250)}.${1 + (i % 250)}`,
  )
}
