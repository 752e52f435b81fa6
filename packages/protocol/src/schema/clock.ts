import { type Static, Type } from 'typebox'
import { MAX_CLOCK_SECONDS } from '../wire.ts'

/** Of either sign. */
const offset = () => Type.Number({ minimum: -MAX_CLOCK_SECONDS, maximum: MAX_CLOCK_SECONDS })
const duration = () => Type.Number({ minimum: 0, maximum: MAX_CLOCK_SECONDS })

/** What another implementation reads of the same server: it agrees where the two are no further apart than both uncertainties. */
export const SecondOpinion = Type.Object(
  { offsetSeconds: offset(), uncertaintySeconds: duration(), agrees: Type.Boolean() },
  { additionalProperties: false },
)
export type SecondOpinion = Static<typeof SecondOpinion>

/**
 * One reading of a node's clock against a reference.
 *
 * Sign: **+ means the node is ahead** of the reference. RFC 5905 section 8 defines theta as server minus node; ours is turned once,
 * where it is computed (`clockOffset`).
 */
export const ClockSample = Type.Object(
  {
    reference: Type.Object(
      {
        kind: Type.Enum(['ntp', 'aggregator']),
        /** Address of the NTP server; for the aggregator the address that was pushed to. */
        address: Type.String({ minLength: 1, maxLength: 64 }),
      },
      { additionalProperties: false },
    ),
    /** What the exchange came to; only `answered` has an offset. */
    outcome: Type.Enum([
      'answered',
      'timeout',
      'refused',
      'unreachable',
      'denied',
      'unsynchronised',
      'kiss-of-death',
      'malformed',
      'mismatch',
      'local-error',
    ]),
    /** Seconds; null unless answered. */
    offsetSeconds: Type.Union([offset(), Type.Null()]),
    /** Seconds, at least 0: half the round-trip delay, plus the server's own distance to true time. */
    uncertaintySeconds: Type.Union([duration(), Type.Null()]),
    /** Round-trip delay in seconds, without the server's own time. */
    delaySeconds: Type.Union([duration(), Type.Null()]),
    /** Only from NTP (RFC 5905 section 7.3). */
    stratum: Type.Optional(Type.Integer({ minimum: 0, maximum: 255 })),
    leap: Type.Optional(Type.Integer({ minimum: 0, maximum: 3 })),
    /** Four ASCII characters for stratum 0 and 1, else an IPv4 address or eight hexadecimal digits. */
    referenceId: Type.Optional(Type.String({ maxLength: 15 })),
    rootDelaySeconds: Type.Optional(duration()),
    rootDispersionSeconds: Type.Optional(duration()),
    /** `ntp-time-sync`'s reading of the same server, where it was asked. */
    secondOpinion: Type.Optional(SecondOpinion),
    /** The first error, in words, for anything but `answered`; there, the kiss-o'-death that came after the readings. */
    error: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
)
export type ClockSample = Static<typeof ClockSample>
export type ClockOutcome = ClockSample['outcome']
