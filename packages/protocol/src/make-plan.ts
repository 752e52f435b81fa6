import { createHash } from 'node:crypto'
import { type Asked, askedOf, type Known, trapOf } from './asked-of.ts'
import type { Plan, PlannedProbe, Target } from './schema/plan.ts'
import { PLAN_SCHEMA } from './wire.ts'

/** A target, and how seldom it is asked. */
export type AskedTarget = Target & {
  /**
   * No probe of it is asked more often than once in this many seconds. Absent: as often as its role is. For targets that are sampled, so
   * that none is asked beyond its budget.
   */
  leastSeconds?: number
}

/** What a plan is made from; all times in seconds as in `Plan`. */
export type PlanInput = Known & {
  targets: readonly AskedTarget[]
  intervalSeconds: number
  deadlineSeconds: number
  closeSeconds: number
  suspicionSeconds: number
  ntp: readonly { address: string; port: number }[]
  aggregators: readonly string[]
}

/**
 * The probes of one agent: which questions each target is asked, and how often. One function for the aggregator's plans and for an
 * agent's fallback, so that both ask alike.
 *
 * A UDP probe always has a TCP twin: a truncated answer is asked again over TCP as an observation of its own (RFC 7766 section 5).
 * A twin that is not asked for its own sake has `onlyAfterTruncation`.
 */
export function makePlan(input: PlanInput): Plan {
  const asked = input.targets.map((target) => ({ target, asked: askedOf(target, input) }))
  const trap = trapOf(input)
  const targets = trap ? [...asked, trap] : asked
  const content: Omit<Plan, 'id'> = {
    schema: PLAN_SCHEMA,
    intervalSeconds: input.intervalSeconds,
    deadlineSeconds: input.deadlineSeconds,
    closeSeconds: input.closeSeconds,
    suspicionSeconds: input.suspicionSeconds,
    names: input.names,
    targets: targets.map(({ target: { role, address, port, learnedFrom } }) => ({ role, address, port, learnedFrom })),
    probes: targets.flatMap(({ target, asked }, index) => probesOf(target, index, asked, input)),
    ntp: input.ntp.map(({ address, port }) => ({
      address,
      port,
      everySeconds: Math.max(1, paced(input.vantage === 'host' ? 64 : 600, input)),
    })),
    aggregators: [...input.aggregators],
  }
  const id = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16)
  return { ...content, id }
}

function probesOf({ leastSeconds = 0 }: AskedTarget, target: number, asked: readonly Asked[], input: PlanInput) {
  return withTwins(asked.filter((probe) => isAffordable(probe, input) && canAsk(probe, input))).map(
    (probe): PlannedProbe => ({
      sourcePort: 'fresh',
      ...probe,
      everySeconds: Math.max(paced(probe.everySeconds, input), leastSeconds),
      target,
    }),
  )
}

const DEFAULT_INTERVAL_SECONDS = 15

/** Who goes round more often than by default asks the rarer questions more often, too: the same number of rounds apart. */
const paced = (everySeconds: number, { intervalSeconds }: PlanInput): number =>
  everySeconds * Math.min(1, intervalSeconds / DEFAULT_INTERVAL_SECONDS)

/** Of probes that ask the same over UDP, differently, one twin is enough. */
function withTwins(asked: readonly Asked[]): Asked[] {
  const all = [...asked]
  for (const probe of asked.filter(hasTwin)) {
    if (!all.some((other) => isTwin(probe, other))) all.push({ ...probe, transport: 'tcp', onlyAfterTruncation: true })
  }
  return all
}

const hasTwin = ({ transport, question, sourcePort }: Asked): boolean =>
  transport === 'udp' && question !== 'pair' && question !== 'trap' && sourcePort !== 'fixed'

/** Whether `other` asks over TCP what `udp` asks over UDP, of the same target. */
export function isTwin(udp: Omit<Asked, 'everySeconds'>, other: Omit<Asked, 'everySeconds'>): boolean {
  return (
    other.transport === 'tcp' &&
    other.question === udp.question &&
    other.name === udp.name &&
    other.size === udp.size &&
    other.target === udp.target
  )
}

/** A full connection table drops what opens a new flow: what asks for more than the others know must not help to fill it. */
const isAffordable = ({ question, sourcePort }: Asked, { sparesConnections }: PlanInput): boolean =>
  !sparesConnections || (question !== 'pair' && question !== 'large' && sourcePort !== 'fixed')

/** A probe that has its own name always can; the rest needs names of the plan. */
function canAsk({ question }: Asked, { names }: PlanInput): boolean {
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
      return names.canary !== null
    case 'external':
    case 'trap':
      return names.external !== null
    case 'large':
    case 'wildcard':
    case 'invalid':
    case 'identity':
    case 'connect':
    case 'reach':
    case 'health':
      return true
  }
}
