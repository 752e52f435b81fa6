import { type Static, Type } from 'typebox'
import { MAX_COUNT, RECORDING_SCHEMA } from '../wire.ts'
import { Cluster } from './cluster.ts'
import { Plan } from './plan.ts'
import { Finding } from './report.ts'
import { Round, RoundKey } from './round.ts'

const closed = { additionalProperties: false }
/** Seconds on the aggregator's clock. */
const Time = Type.Number()

/** The first line of a recording. */
export const RecordingStart = Type.Object(
  {
    kind: Type.Literal('start'),
    schema: Type.Literal(RECORDING_SCHEMA),
    at: Time,
    /** Every number that the diagnosis hangs on, by name. */
    thresholds: Type.Record(Type.String(), Type.Number()),
    /** Lines from before were lost: what follows was decided with more than the recording has. */
    isCut: Type.Boolean(),
  },
  closed,
)
export type RecordingStart = Static<typeof RecordingStart>

/** A plan, before the first round that names it. */
const RecordedPlan = Type.Object({ kind: Type.Literal('plan'), plan: Plan }, closed)

/** A push, as it was received. */
const RecordedRound = Type.Object(
  {
    kind: Type.Literal('round'),
    at: Time,
    node: RoundKey.properties.node,
    vantage: RoundKey.properties.vantage,
    boot: Type.String({ pattern: '^[0-9a-f]{16}$' }),
    counter: Type.Integer({ minimum: 0, maximum: MAX_COUNT }),
    round: Type.Omit(Round, ['planBody'], closed),
  },
  closed,
)

const RecordedCluster = Type.Object({ kind: Type.Literal('cluster'), at: Time, cluster: Cluster }, closed)
/** Time passed; the findings were worked out. */
const RecordedTick = Type.Object({ kind: Type.Literal('tick'), at: Time }, closed)
/** The aggregator stood still until then. */
const RecordedPause = Type.Object({ kind: Type.Literal('pause'), at: Time }, closed)
/** The aggregator's wall clock was set. */
const RecordedClockSet = Type.Object({ kind: Type.Literal('clock-set'), at: Time }, closed)
/** What outlived a restart: a `Remembered` of the diagnosis, its plans as a list. Not looked into. */
const RecordedMemory = Type.Object(
  {
    kind: Type.Literal('memory'),
    plans: Type.Array(Plan),
    agents: Type.Array(Type.Unknown()),
    findings: Type.Array(Finding),
  },
  closed,
)
/** What the tick before it told: a replay must tell the same. */
const RecordedFindings = Type.Object(
  { kind: Type.Literal('findings'), opened: Type.Array(Finding), ended: Type.Array(Finding) },
  closed,
)

/** One line of a recording: JSON, one input of the diagnosis each, in the order in which they came. */
export const RecordedLine = Type.Union([
  RecordingStart,
  RecordedPlan,
  RecordedRound,
  RecordedCluster,
  RecordedTick,
  RecordedPause,
  RecordedClockSet,
  RecordedMemory,
  RecordedFindings,
])
export type RecordedLine = Static<typeof RecordedLine>
