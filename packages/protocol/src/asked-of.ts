import type { Question, Vantage } from './closed-sets.ts'
import type { Edns, Names, PlannedProbe, Target } from './schema/plan.ts'

/** A name of the cluster's own whose answer is large. */
export type LargeName = {
  /** Absolute, without its final dot. */
  name: string
  /**
   * Octets of the whole answer at most, names compressed (RFC 1035 section 4.1.4), OPT included, and close to that; 512 … 65535. The
   * query's EDNS size is little more, because CoreDNS compresses only what would not fit it.
   */
  octets: number
}

/** What is known of the cluster, as far as it decides which questions are asked. What is absent is not asked. */
export type Known = {
  vantage: Vantage
  names: Names
  /** The nameserver of resolv.conf serves the cluster's names; else as a pod's does and a host's does not (`dnsPolicy`). */
  resolvConfServesCluster?: boolean
  large?: readonly LargeName[]
  /** Search domains of pods, without dots at their ends. */
  wildcardDomains?: readonly string[]
  /** This agent asks for all of its group: `invalid`, `case`, `wildcard` and `trap`. */
  asksForGroup?: boolean
  /** A port of every endpoint that opens, or refuses at once: 8181, CoreDNS's readiness. */
  endpointReachPort?: number
  /** Where node-local DNS serves its health page: 8080 of the addon, 9254 of kubespray. */
  nodeLocalHealthPort?: number
  /** The node's connection table is nearly full: what is there for its flows or its size is not asked. */
  sparesConnections?: boolean
}

/** A probe of any target. */
export type Asked = Pick<PlannedProbe, 'transport' | 'question' | 'everySeconds'> & Partial<PlannedProbe>

const EACH_ROUND = 0
const MINUTE = 60
const FIVE_MINUTES = 300
const TEN_MINUTES = 600
const HOUR = 3600

const WILDCARD_LABEL = 'oddnode-wildcard-check'

/** An answer that fits this is not fragmented on any path that IPv6 allows (DNS Flag Day 2020). */
const UDP_PAYLOAD_SIZE = 1232

/** For records of other sections, which some servers add: no reason to cut an answer. */
const EDNS_SLACK = 128
const LARGEST_MESSAGE = 65_535

const udp = (question: Question, everySeconds = EACH_ROUND): Asked => ({ transport: 'udp', question, everySeconds })
const tcp = (question: Question, everySeconds = EACH_ROUND): Asked => ({ transport: 'tcp', question, everySeconds })

/**
 * What a target is asked for its role, and how often: the table of cost in the catalogue. Questions whose names are unknown are among
 * them.
 */
export function askedOf({ role }: Pick<Target, 'role'>, known: Known): Asked[] {
  switch (role) {
    case 'node-local':
      return [...resolver, udp('canary', MINUTE), ...large(known), ...forGroup(known), ...health(known)]
    case 'cluster-dns':
      return [...resolver, ...large(known), ...forGroup(known), ...podFlows(known)]
    case 'cluster-dns-upstream':
      return [...base]
    case 'endpoint':
      return [...endpoint, ...large(known), ...pairOfEndpoint(known), ...reach(known)]
    case 'upstream':
      return upstream(known.names.external === null ? 'invalid' : 'external', known)
    case 'resolv-conf':
      return servesCluster(known)
        ? [udp('kubernetes'), udp('version'), udp('missing'), tcp('kubernetes'), udp('external')]
        : standsAlone
    case 'api-server':
      return [tcp('connect')]
  }
}

/** Without a name that the operator chose, what every resolver knows by itself (RFC 6761 section 6.4). */
const upstream = (question: Question, { vantage }: Known): Asked[] =>
  vantage === 'host' ? [udp(question), tcp(question, FIVE_MINUTES)] : [udp(question, MINUTE)]

const base: readonly Asked[] = [udp('kubernetes'), udp('version'), tcp('kubernetes')]

/** Who answered: its own name, and the NSID that comes only with an answer of class IN. */
const identity: readonly Asked[] = [udp('identity', FIVE_MINUTES), udp('version', FIVE_MINUTES)].map((asked) => ({
  ...asked,
  edns: { udpPayloadSize: UDP_PAYLOAD_SIZE, nsid: true },
}))

const resolver: readonly Asked[] = [...base, udp('missing'), udp('external'), ...identity]
const endpoint: readonly Asked[] = [
  ...base,
  udp('external', MINUTE),
  udp('canary', MINUTE),
  udp('soa', MINUTE),
  ...identity,
]

/**
 * A resolver that serves the cluster's names is asked for them. Any other is asked what every resolver should know by itself (RFC 6761
 * section 6.4), so that a machine without Internet stays quiet.
 */
const standsAlone: Asked[] = [udp('invalid'), tcp('invalid'), udp('external')]

const servesCluster = ({ names, vantage, resolvConfServesCluster }: Known): boolean =>
  names.clusterDomain !== null && (resolvConfServesCluster ?? vantage === 'pod')

/** What connection tracking does to flows shows from pods: two queries that start a flow together, and a flow that is kept. */
const podFlows = ({ vantage }: Known): Asked[] =>
  vantage === 'pod' ? [udp('pair'), { ...udp('kubernetes'), sourcePort: 'fixed' }] : []

/** The same without address translation in between. */
const pairOfEndpoint = ({ vantage }: Known): Asked[] => (vantage === 'pod' ? [udp('pair', MINUTE)] : [])

const reach = ({ endpointReachPort: port }: Known): Asked[] => (port === undefined ? [] : [{ ...tcp('reach'), port }])

const health = ({ nodeLocalHealthPort: port }: Known): Asked[] =>
  port === undefined ? [] : [{ ...tcp('health', MINUTE), port }]

/** Each size over both transports; the one that any path carries also without EDNS, where the answer must be cut and say so. */
function large({ large: names = [] }: Known): Asked[] {
  return names.flatMap(({ name, octets }) => {
    const asked = { question: 'large' as const, everySeconds: FIVE_MINUTES, name, size: octets }
    const edns: Edns = { udpPayloadSize: Math.min(octets + EDNS_SLACK, LARGEST_MESSAGE), nsid: false }
    const plain: Asked[] = octets === UDP_PAYLOAD_SIZE ? [{ ...asked, transport: 'udp' }] : []
    return [{ ...asked, transport: 'udp', edns }, { ...asked, transport: 'tcp', edns }, ...plain]
  })
}

function forGroup({ asksForGroup, wildcardDomains = [] }: Known): Asked[] {
  if (!asksForGroup) return []
  const wildcards = wildcardDomains.map((domain) => ({
    ...udp('wildcard', HOUR),
    name: `${WILDCARD_LABEL}.${domain}`,
  }))
  return [udp('invalid', MINUTE), udp('case', MINUTE), ...wildcards]
}

/**
 * TEST-NET-1 (RFC 5737): nobody lives there, so who answers is in the way.
 */
const NOBODY: Target = { role: 'upstream', address: '192.0.2.53', port: 53, learnedFrom: 'configuration' }

/** The address where nobody lives, and what it is asked; null where this agent does not. */
export function trapOf({ asksForGroup }: Known): { target: Target; asked: Asked[] } | null {
  return asksForGroup ? { target: NOBODY, asked: [udp('trap', TEN_MINUTES)] } : null
}
