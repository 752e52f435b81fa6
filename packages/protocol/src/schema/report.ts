import { type Static, Type } from 'typebox'
import {
  confidences,
  noDataReasons,
  outcomes,
  questions,
  roles,
  scopeKinds,
  severities,
  states,
  targetOrigins,
  transports,
  vantages,
} from '../closed-sets.ts'
import { REPORT_SCHEMA } from '../wire.ts'
import { SecondOpinion } from './clock.ts'
import { ClusterCheck } from './cluster.ts'
import { Facts } from './fact.ts'

const nullable = <T extends Parameters<typeof Type.Optional>[0]>(type: T) => Type.Union([type, Type.Null()])
/** RFC 3339, UTC, milliseconds. */
const Instant = Type.String({ description: 'RFC 3339' })
const Count = Type.Integer({ minimum: 0 })
const closed = { additionalProperties: false }

const State = Type.Enum([...states])

const TargetName = Type.Object({ role: Type.Enum([...roles]), address: Type.String() }, closed)

/** What is at fault where it is not the node itself. */
export const Subject = Type.Object(
  {
    role: nullable(Type.Enum([...roles])),
    address: nullable(Type.String()),
    pod: nullable(Type.String()),
    node: nullable(Type.String()),
  },
  closed,
)
export type Subject = Static<typeof Subject>

export const Scope = Type.Object(
  {
    kind: Type.Enum([...scopeKinds]),
    nodes: Type.Array(Type.String()),
    /** Attributes that the affected nodes have in common and the others do not. */
    shared: Type.Record(Type.String(), Type.String()),
    subject: nullable(Subject),
  },
  closed,
)
export type Scope = Static<typeof Scope>

/** One row of the matrix as it stood when the finding was last seen, beside a healthy node's. */
export const Evidence = Type.Object(
  {
    node: Type.String(),
    vantage: Type.Enum([...vantages]),
    target: TargetName,
    transport: Type.Enum([...transports]),
    question: Type.Enum([...questions]),
    state: State,
    /** The commonest outcome of the window. */
    outcome: nullable(Type.Enum([...outcomes])),
    /** The commonest RCODE of the answers, by name. */
    rcode: nullable(Type.String()),
    /** Samples with an answer, and all samples, of the window. */
    answered: Count,
    asked: Count,
    medianSeconds: nullable(Type.Number({ minimum: 0 })),
    /** The first error in words. */
    error: nullable(Type.String()),
    healthy: nullable(
      Type.Object(
        {
          node: Type.String(),
          rcode: nullable(Type.String()),
          answered: Count,
          asked: Count,
          medianSeconds: nullable(Type.Number({ minimum: 0 })),
        },
        closed,
      ),
    ),
  },
  closed,
)
export type Evidence = Static<typeof Evidence>

/** A fault, or an unexplained difference, on a scope. */
export const Finding = Type.Object(
  {
    /** A hash of fault, scope and the first round that showed it: the same across evaluations and restarts. */
    id: Type.String({ pattern: '^[0-9a-f]{16}$' }),
    /** Name of a file in the diagnosis' `faults/`. */
    fault: Type.String(),
    severity: Type.Enum([...severities]),
    scope: Scope,
    title: Type.String(),
    /** One sentence: what is wrong, where, since when and against what. */
    story: Type.String(),
    since: Instant,
    lastSeen: Instant,
    ended: nullable(Instant),
    confidence: Type.Enum([...confidences]),
    /** How often it ended and came back within ten minutes; 0 for one that never did. */
    reopened: Count,
    evidence: Type.Array(Evidence),
    confirm: Type.Array(Type.String()),
    remedy: Type.String(),
    references: Type.Array(Type.String()),
    /** Findings hidden because this one explains them: by their id in the diagnosis, by name and title in the report. */
    covers: Type.Array(Type.String()),
  },
  closed,
)
export type Finding = Static<typeof Finding>

/** The state of one probe over its window. */
export const ReportProbe = Type.Object(
  {
    target: Type.Object(
      { role: Type.Enum([...roles]), address: Type.String(), learnedFrom: Type.Enum([...targetOrigins]) },
      closed,
    ),
    transport: Type.Enum([...transports]),
    question: Type.Enum([...questions]),
    /** `fixed-port`, `large-1232`, `no-edns` …; null for the plain question. */
    variant: nullable(Type.String()),
    state: State,
    /** Only with `no-data`. */
    reason: nullable(Type.Enum([...noDataReasons])),
    outcome: nullable(Type.Enum([...outcomes])),
    outcomes: Type.Record(Type.String(), Count),
    rcode: nullable(Type.String()),
    answered: Count,
    asked: Count,
    medianSeconds: nullable(Type.Number({ minimum: 0 })),
    since: nullable(Instant),
    lastSampleAt: nullable(Instant),
  },
  closed,
)
export type ReportProbe = Static<typeof ReportProbe>

export const ReportAgent = Type.Object(
  {
    vantage: Type.Enum([...vantages]),
    state: State,
    status: Type.Enum(['expected', 'reporting', 'silent', 'stopped']),
    lastSeen: nullable(Instant),
    version: nullable(Type.String()),
    droppedRounds: Count,
    /** What the agent read of its node last; null before the first. A change of its resolv.conf shows here, with its time. */
    facts: nullable(Facts),
    probes: Type.Array(ReportProbe),
  },
  closed,
)
export type ReportAgent = Static<typeof ReportAgent>

export const ReportClock = Type.Object(
  {
    /** Seconds, + = ahead of the reference; null where nothing was measured. */
    offsetSeconds: nullable(Type.Number()),
    uncertaintySeconds: nullable(Type.Number({ minimum: 0 })),
    /** `ntp 192.0.2.1` or `aggregator`. */
    reference: nullable(Type.String()),
    measuredAt: nullable(Instant),
    state: State,
    /** Every reference of the last readings, answered or not. */
    samples: Type.Array(
      Type.Object(
        {
          reference: Type.String(),
          outcome: Type.String(),
          offsetSeconds: nullable(Type.Number()),
          uncertaintySeconds: nullable(Type.Number({ minimum: 0 })),
          measuredAt: Instant,
          /** `ntp-time-sync`'s reading of the same server, where it was asked; where it does not agree, neither counts. */
          secondOpinion: nullable(SecondOpinion),
        },
        closed,
      ),
    ),
  },
  closed,
)
export type ReportClock = Static<typeof ReportClock>

export const ReportNode = Type.Object(
  {
    name: Type.String(),
    state: State,
    /** Kubernetes' Ready condition; null outside Kubernetes. */
    ready: nullable(Type.Boolean()),
    attributes: Type.Record(Type.String(), Type.String()),
    clock: ReportClock,
    agents: Type.Array(ReportAgent),
  },
  closed,
)
export type ReportNode = Static<typeof ReportNode>

export const Verdict = Type.Object(
  {
    state: State,
    sentence: Type.String(),
    nodes: Type.Object({ expected: Count, reporting: Count, odd: Count }, closed),
    agents: Type.Object({ expected: Count, reporting: Count }, closed),
    /** What was looked at, and what was not, in probes. */
    probes: Type.Object({ ok: Count, degraded: Count, failing: Count, noData: Count }, closed),
  },
  closed,
)
export type Verdict = Static<typeof Verdict>

/** `GET /report.json`: the one view model behind the page, the text and the JSON. */
export const Report = Type.Object(
  {
    schema: Type.Literal(REPORT_SCHEMA),
    at: Instant,
    cluster: Type.String(),
    version: Type.String(),
    /** What keeps the aggregator from remembering, in one sentence with the way on; null while the store is well. */
    storage: nullable(Type.String()),
    verdict: Verdict,
    findings: Type.Array(Finding),
    /** What people look up by hand, answered by the Kubernetes API; [] where nobody tells. */
    checks: Type.Array(ClusterCheck),
    /** What could not be read of the cluster, why, and what that hides. */
    hidden: Type.Array(Type.String()),
    nodes: Type.Array(ReportNode),
  },
  closed,
)
export type Report = Static<typeof Report>
