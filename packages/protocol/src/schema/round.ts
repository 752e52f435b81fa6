import { type Static, Type } from 'typebox'
import { outcomes, socketKinds } from '../closed-sets.ts'
import { MAX_CLOCK_SECONDS, MAX_COUNT, MAX_PROBES, MAX_SAMPLES, ROUND_SCHEMA } from '../wire.ts'
import { ClockSample } from './clock.ts'
import { Facts } from './fact.ts'
import { Plan } from './plan.ts'

/**
 * The samples of a round as columns: entry i of each column belongs to sample i. All columns have the same length
 * (`decodeSamples` says so where not). A column that would hold nothing but null is left out.
 */
export const SampleColumns = Type.Object(
  {
    /** Index into the plan's `probes`. */
    probe: Type.Array(Type.Integer({ minimum: 0, maximum: MAX_PROBES - 1 }), { maxItems: MAX_SAMPLES }),
    /** Milliseconds from this sample's send to the end of the round, on the agent's monotonic clock. */
    ageMilliseconds: Type.Array(Type.Integer({ minimum: 0, maximum: 86_400_000 }), { maxItems: MAX_SAMPLES }),
    /** Index into `outcomes`. */
    outcome: Type.Array(Type.Integer({ minimum: 0, maximum: outcomes.length - 1 }), { maxItems: MAX_SAMPLES }),
    /** −1 for none, as in the other columns of integers. */
    rcode: Type.Optional(Type.Array(Type.Integer({ minimum: -1, maximum: 4095 }), { maxItems: MAX_SAMPLES })),
    microseconds: Type.Optional(
      Type.Array(Type.Integer({ minimum: -1, maximum: 86_400_000_000 }), { maxItems: MAX_SAMPLES }),
    ),
    connectMicroseconds: Type.Optional(
      Type.Array(Type.Integer({ minimum: -1, maximum: 86_400_000_000 }), { maxItems: MAX_SAMPLES }),
    ),
    size: Type.Optional(Type.Array(Type.Integer({ minimum: -1, maximum: 65535 }), { maxItems: MAX_SAMPLES })),
    flags: Type.Optional(Type.Array(Type.Integer({ minimum: -1, maximum: 65535 }), { maxItems: MAX_SAMPLES })),
    ttl: Type.Optional(Type.Array(Type.Integer({ minimum: -1, maximum: 4_294_967_295 }), { maxItems: MAX_SAMPLES })),
    records: Type.Optional(Type.Array(Type.Integer({ minimum: -1, maximum: 196_605 }), { maxItems: MAX_SAMPLES })),
    /** Index into the round's `answerSets`; −1 for an empty answer section. */
    answers: Type.Optional(Type.Array(Type.Integer({ minimum: -1, maximum: 1023 }), { maxItems: MAX_SAMPLES })),
  },
  { additionalProperties: false },
)
export type SampleColumns = Static<typeof SampleColumns>

/** What few samples have, by the sample's index. */
export const SampleDetail = Type.Object(
  {
    at: Type.Integer({ minimum: 0, maximum: MAX_SAMPLES - 1 }),
    socket: Type.Optional(Type.Enum([...socketKinds])),
    source: Type.Optional(Type.String({ maxLength: 80 })),
    nsid: Type.Optional(Type.String({ maxLength: 128 })),
    echoed: Type.Optional(Type.Boolean()),
    error: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
)
export type SampleDetail = Static<typeof SampleDetail>

/**
 * The body of `PUT /v1/agents/:node/:vantage/rounds/:round`. The path names the round (`:boot-:counter`), so the same push twice
 * counts once.
 */
export const Round = Type.Object(
  {
    schema: Type.Literal(ROUND_SCHEMA),
    /** The agent's version, semver. */
    version: Type.String({ minLength: 1, maxLength: 64 }),
    /** The id of the plan whose probes the columns name. */
    plan: Type.String({ minLength: 1, maxLength: 64, pattern: '^[0-9a-f]+$' }),
    /** The plan itself: sent with the first push of an agent's own plan, and when the aggregator asks for it (409). */
    planBody: Type.Optional(Plan),
    /** `regular`: one pass over the plan; `suspicion`: probes asked again; `goodbye`: the last one of a clean stop. */
    kind: Type.Enum(['regular', 'suspicion', 'goodbye']),
    /** Seconds from the end of the round to this push, on the agent's monotonic clock: grows while the round waits in the buffer. */
    ageSeconds: Type.Number({ minimum: 0, maximum: 604_800 }),
    /** Rounds that this agent's buffer dropped since it started. */
    droppedRounds: Type.Integer({ minimum: 0, maximum: MAX_COUNT }),
    samples: SampleColumns,
    answerSets: Type.Optional(
      Type.Array(Type.Array(Type.String({ maxLength: 512 }), { maxItems: 256 }), { maxItems: 1024 }),
    ),
    details: Type.Optional(Type.Array(SampleDetail, { maxItems: MAX_SAMPLES })),
    clock: Type.Optional(Type.Array(ClockSample, { maxItems: 32 })),
    /** Steps of the node's wall clock: it moved against the monotonic one by more than 0.1 s within a second. Slewing moves both. */
    clockSteps: Type.Optional(
      Type.Array(
        Type.Object(
          {
            /** Seconds from the step to the end of the round, on the monotonic clock. */
            ageSeconds: Type.Number({ minimum: 0, maximum: 604_800 }),
            /** + = it jumped ahead. */
            seconds: Type.Number({ minimum: -MAX_CLOCK_SECONDS, maximum: MAX_CLOCK_SECONDS }),
            /** As long as the machine slept meanwhile (/proc/uptime against the monotonic clock): a suspend, no step. */
            asleep: Type.Boolean(),
          },
          { additionalProperties: false },
        ),
        { maxItems: 16 },
      ),
    ),
    /** Only when they changed, or the aggregator asked for them. */
    facts: Type.Optional(Facts),
  },
  { title: 'Round', additionalProperties: false },
)
export type Round = Static<typeof Round>

/** The path of a push. */
export const RoundKey = Type.Object(
  {
    node: Type.String({ minLength: 1, maxLength: 253, pattern: '^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$' }),
    vantage: Type.Enum(['host', 'pod']),
    /** The agent's boot id (16 hexadecimal digits, new at each start), a hyphen, and a counter from 0. */
    round: Type.String({ pattern: '^[0-9a-f]{16}-[0-9]{1,15}$' }),
  },
  { additionalProperties: false },
)
export type RoundKey = Static<typeof RoundKey>

/** The answer to a push: what the agent needs for its clock, and the plan when it is newer than the one that the round names. */
export const PushAnswer = Type.Object(
  {
    /** Unix time in seconds of the aggregator when the request arrived (T2) and when the answer was written (T3). */
    receivedAt: Type.Number({ minimum: 0, maximum: MAX_CLOCK_SECONDS }),
    sentAt: Type.Number({ minimum: 0, maximum: MAX_CLOCK_SECONDS }),
    plan: Type.Optional(Plan),
    /** The aggregator has no facts of this agent: send them with the next round. */
    wantFacts: Type.Optional(Type.Boolean()),
    /** Indexes of targets of the plan named by the round that the twin vantage suspects: ask all their probes now. */
    suspects: Type.Optional(Type.Array(Type.Integer({ minimum: 0, maximum: 255 }), { maxItems: 256 })),
    /** So many nodes ask again what failed that CoreDNS would get more than it should: ask only what is due, for half a minute. */
    holdBack: Type.Optional(Type.Boolean()),
  },
  { title: 'PushAnswer', additionalProperties: false },
)
export type PushAnswer = Static<typeof PushAnswer>

/** An error answer (RFC 9457). */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'what is wrong, and what would have been right' }),
    pointer: Type.Optional(
      Type.String({ description: 'JSON pointer (RFC 6901) to the part of the body that is wrong' }),
    ),
    moments: Type.Optional(
      Type.Array(Type.String(), {
        description: 'Where a moment of the past is not known: the nearest that are (RFC 3339)',
      }),
    ),
  },
  { title: 'Problem', description: 'An error (RFC 9457).' },
)
export type Problem = Static<typeof Problem>
