import { type Static, Type } from 'typebox'
import { questions, roles, sourcePorts, targetOrigins, transports } from '../closed-sets.ts'
import { MAX_EVERY_SECONDS, MAX_PROBES, MAX_TARGETS, PLAN_SCHEMA } from '../wire.ts'

/** An IPv4 or IPv6 address, optionally with a port in `[…]:port` form where noted. Never a name: probes need no DNS. */
export const Address = Type.String({ minLength: 2, maxLength: 64, description: 'IPv4 or IPv6 address' })

/** A DNS server that is asked. */
export const Target = Type.Object(
  {
    role: Type.Enum([...roles]),
    address: Address,
    /** 53 everywhere but in tests. */
    port: Type.Integer({ minimum: 1, maximum: 65535 }),
    learnedFrom: Type.Enum([...targetOrigins]),
  },
  { additionalProperties: false },
)
export type Target = Static<typeof Target>

/** EDNS(0) options of a query (RFC 6891); absent means a query without OPT. */
export const Edns = Type.Object(
  {
    /** Requestor's UDP payload size in octets. */
    udpPayloadSize: Type.Integer({ minimum: 512, maximum: 65535 }),
    /** Ask for the name server identifier (RFC 5001). */
    nsid: Type.Boolean(),
  },
  { additionalProperties: false },
)
export type Edns = Static<typeof Edns>

/** One probe of a plan: target × transport × question. The vantage is the agent's own. */
export const PlannedProbe = Type.Object(
  {
    /** Index into the plan's `targets`. */
    target: Type.Integer({ minimum: 0 }),
    transport: Type.Enum([...transports]),
    question: Type.Enum([...questions]),
    /** Asked once in this many seconds, 0 in every round. */
    everySeconds: Type.Number({ minimum: 0, maximum: MAX_EVERY_SECONDS }),
    sourcePort: Type.Enum([...sourcePorts]),
    /** Asked only when the UDP probe of the same question was truncated; never on its own, and then no missing data either. */
    onlyAfterTruncation: Type.Optional(Type.Boolean()),
    edns: Type.Optional(Edns),
    /** Only with `large`: octets of the answer that is asked for. */
    size: Type.Optional(Type.Integer({ minimum: 512, maximum: 65535 })),
    /** The absolute name to ask, without its final dot, where the question alone does not say: `large`, `wildcard`. */
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 253 })),
    /** Where it is not the target's own: the ports of `reach` and `health`. */
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65535 })),
  },
  { additionalProperties: false },
)
export type PlannedProbe = Static<typeof PlannedProbe>

/** The names that questions are made of; null where unknown, and then the question is not planned. */
export const Names = Type.Object(
  {
    /** Without dots at its ends, e.g. `cluster.local`. */
    clusterDomain: Type.Union([Type.String({ minLength: 1, maxLength: 253 }), Type.Null()]),
    /** Oddnode's own namespace, for `missing` and `canary`. */
    namespace: Type.Union([Type.String({ minLength: 1, maxLength: 63 }), Type.Null()]),
    /** A name outside the cluster that the operator chose. */
    external: Type.Union([Type.String({ minLength: 1, maxLength: 253 }), Type.Null()]),
    /** The agents' headless Service. */
    canary: Type.Union([Type.String({ minLength: 1, maxLength: 253 }), Type.Null()]),
  },
  { additionalProperties: false },
)
export type Names = Static<typeof Names>

/** An NTP server that is measured against. */
export const NtpServer = Type.Object(
  {
    address: Address,
    port: Type.Integer({ minimum: 1, maximum: 65535 }),
    everySeconds: Type.Number({ minimum: 1, maximum: 86400 }),
  },
  { additionalProperties: false },
)
export type NtpServer = Static<typeof NtpServer>

/**
 * What an agent asks. Made by the aggregator from what it discovered, or by the agent itself as a fallback.
 * A round refers to the probes of its plan by their index, so a plan never changes: a changed one has another id.
 */
export const Plan = Type.Object(
  {
    schema: Type.Literal(PLAN_SCHEMA),
    /** A hash of everything else in the plan. */
    id: Type.String({ minLength: 1, maxLength: 64, pattern: '^[0-9a-f]+$' }),
    /** Mean length of a round in seconds; each one is drawn from ± 20 %. */
    intervalSeconds: Type.Number({ minimum: 0.2, maximum: 3600 }),
    /** An answer after this is `late`. */
    deadlineSeconds: Type.Number({ minimum: 0.05, maximum: 60 }),
    /** A socket is kept this long for a late answer. */
    closeSeconds: Type.Number({ minimum: 0.05, maximum: 60 }),
    /** After a bad sample the probe is asked again in this many seconds, until it is decided. */
    suspicionSeconds: Type.Number({ minimum: 0.05, maximum: 60 }),
    names: Names,
    targets: Type.Array(Target, { maxItems: MAX_TARGETS }),
    probes: Type.Array(PlannedProbe, { maxItems: MAX_PROBES }),
    ntp: Type.Array(NtpServer, { maxItems: 16 }),
    /** Where to push to when the environment names no aggregator: `http://address:port`, never a name. */
    aggregators: Type.Array(Type.String({ minLength: 1, maxLength: 256 }), { maxItems: 16 }),
  },
  { additionalProperties: false },
)
export type Plan = Static<typeof Plan>
