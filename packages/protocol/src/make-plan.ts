import { createHash } from 'node:crypto'
import type { Question, Vantage } from './closed-sets.ts'
import type { Names, Plan, PlannedProbe, Target } from './schema/plan.ts'
import { PLAN_SCHEMA } from './wire.ts'

/** What a plan is made from; all times in seconds as in `Plan`. */
export type PlanInput = {
  vantage: Vantage
  targets: readonly Target[]
  names: Names
  intervalSeconds: number
  deadlineSeconds: number
  closeSeconds: number
  suspicionSeconds: number
  ntp: readonly { address: string; port: number }[]
  aggregators: readonly string[]
  /** The nameserver of resolv.conf serves the cluster's names; else as a pod's does and a host's does not (`dnsPolicy`). */
  resolvConfServesCluster?: boolean
}

type Asked = Pick<PlannedProbe, 'transport' | 'question' | 'everySeconds'> & Partial<PlannedProbe>

const EACH_ROUND = 0
const MINUTE = 60
const FIVE_MINUTES = 300

/** An answer that fits this is not fragmented on any path that IPv6 allows (DNS Flag Day 2020). */
const UDP_PAYLOAD_SIZE = 1232

/**
 * The probes of one agent: which questions each target is asked, and how often. One function for the aggregator's plans and for an
 * agent's fallback, so that both ask alike.
 *
 * A UDP probe always has a TCP twin: a truncated answer is asked again over TCP as an observation of its own (RFC 7766 section 5).
 * A twin that is not asked for its own sake has `onlyAfterTruncation`.
 */
export function makePlan(input: PlanInput): Plan {
  const probes = input.targets.flatMap((target, index) =>
    withTwins(askedOf(target, input))
      .filter((asked) => canAsk(asked.question, input.names))
      .map((asked): PlannedProbe => ({ sourcePort: 'fresh', ...asked, target: index })),
  )
  const content: Omit<Plan, 'id'> = {
    schema: PLAN_SCHEMA,
    intervalSeconds: input.intervalSeconds,
    deadlineSeconds: input.deadlineSeconds,
    closeSeconds: input.closeSeconds,
    suspicionSeconds: input.suspicionSeconds,
    names: input.names,
    targets: [...input.targets],
    probes,
    ntp: input.ntp.map(({ address, port }) => ({ address, port, everySeconds: input.vantage === 'host' ? 64 : 600 })),
    aggregators: [...input.aggregators],
  }
  const id = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16)
  return { ...content, id }
}

const udp = (question: Question, everySeconds = EACH_ROUND): Asked => ({ transport: 'udp', question, everySeconds })
const tcp = (question: Question, everySeconds = EACH_ROUND): Asked => ({ transport: 'tcp', question, everySeconds })
const identity: Asked = { ...udp('identity', FIVE_MINUTES), edns: { udpPayloadSize: UDP_PAYLOAD_SIZE, nsid: true } }

function askedOf({ role }: Target, { vantage, names, resolvConfServesCluster }: PlanInput): Asked[] {
  switch (role) {
    case 'node-local':
      return [udp('kubernetes'), udp('version'), udp('missing'), udp('external'), tcp('kubernetes'), identity]
    case 'cluster-dns': {
      const base = [udp('kubernetes'), udp('version'), udp('missing'), udp('external'), tcp('kubernetes'), identity]
      const podOnly: Asked[] = [udp('pair'), { ...udp('kubernetes'), sourcePort: 'fixed' }]
      return vantage === 'pod' ? [...base, ...podOnly] : base
    }
    case 'cluster-dns-upstream':
      return [udp('kubernetes'), udp('version'), tcp('kubernetes')]
    case 'endpoint':
      return [
        udp('kubernetes'),
        udp('version'),
        tcp('kubernetes'),
        udp('external', MINUTE),
        udp('canary', MINUTE),
        udp('soa', MINUTE),
      ]
    case 'upstream':
      return vantage === 'host' ? [udp('external'), tcp('external', FIVE_MINUTES)] : [udp('external', MINUTE)]
    case 'resolv-conf':
      // A resolver that serves the cluster's names is asked for them. Any other is asked what every resolver should know by itself
      // (RFC 6761 section 6.4), so that a machine without Internet stays quiet.
      return names.clusterDomain === null || !(resolvConfServesCluster ?? vantage === 'pod')
        ? [udp('invalid'), tcp('invalid'), udp('external')]
        : [udp('kubernetes'), udp('version'), udp('missing'), tcp('kubernetes'), udp('external')]
  }
}

function withTwins(asked: readonly Asked[]): Asked[] {
  const twins = asked
    .filter((probe) => probe.transport === 'udp' && probe.question !== 'pair' && probe.sourcePort !== 'fixed')
    .filter(
      (probe) =>
        !asked.some(
          (other) => other.transport === 'tcp' && other.question === probe.question && other.size === probe.size,
        ),
    )
    .map((probe): Asked => ({ ...probe, transport: 'tcp', onlyAfterTruncation: true }))
  return [...asked, ...twins]
}

function canAsk(question: Question, names: Names): boolean {
  switch (question) {
    case 'kubernetes':
    case 'version':
    case 'soa':
    case 'case':
    case 'pair':
      return names.clusterDomain !== null
    case 'missing':
      return names.clusterDomain !== null && names.namespace !== null
    case 'canary':
    case 'wildcard':
      return names.canary !== null && names.clusterDomain !== null
    case 'external':
    case 'trap':
      return names.external !== null
    case 'large':
      return false
    case 'invalid':
    case 'identity':
      return true
  }
}
