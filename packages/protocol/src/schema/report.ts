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

// Descriptions, not comments: docs/api.md and /v1/openapi.json are written from them.
const described = (description: string | undefined) => (description === undefined ? {} : { description })
const nullable = <T extends Parameters<typeof Type.Optional>[0]>(type: T, description?: string) =>
  Type.Union([type, Type.Null()], described(description))
const text = (description?: string) => Type.String(described(description))
const texts = (description?: string) => Type.Array(Type.String(), described(description))
const instant = (description?: string) => Type.String(described(description ?? 'RFC 3339, UTC'))
const count = (description?: string) => Type.Integer({ minimum: 0, ...described(description) })
const seconds = (description?: string) => Type.Number({ minimum: 0, ...described(description) })
const oneOf = <const T extends string[]>(words: readonly [...T], description?: string) =>
  Type.Enum([...words], described(description))
const closed = { additionalProperties: false }
/** A shape that has a section of its own in docs/api.md. */
const shape = (title: string, description: string) => ({ title, description, ...closed })

const State = Type.Enum([...states])

const TargetName = Type.Object({ role: oneOf(roles), address: text() }, closed)

/** What is at fault where it is not the node itself. */
export const Subject = Type.Object(
  { role: nullable(oneOf(roles)), address: nullable(text()), pod: nullable(text()), node: nullable(text()) },
  closed,
)
export type Subject = Static<typeof Subject>

/** What a finding is about. */
export const Scope = Type.Object(
  {
    kind: oneOf(scopeKinds),
    nodes: texts('the nodes that it names'),
    shared: Type.Record(Type.String(), Type.String(), {
      description: 'attributes that the affected nodes have in common and the others do not',
    }),
    subject: nullable(Subject, 'what is at fault, where it is not the node'),
  },
  closed,
)
export type Scope = Static<typeof Scope>

/** One row of the matrix as it stood when the finding was last seen, beside a healthy node's. */
export const Evidence = Type.Object(
  {
    node: text(),
    vantage: oneOf(vantages),
    target: TargetName,
    transport: oneOf(transports),
    question: oneOf(questions),
    state: State,
    outcome: nullable(oneOf(outcomes), 'the commonest of the window'),
    rcode: nullable(text(), 'the commonest RCODE of the answers, by name'),
    answered: count('samples of the window with an answer'),
    asked: count('samples of the window'),
    medianSeconds: nullable(seconds()),
    error: nullable(text(), 'the first error in words'),
    healthy: nullable(
      Type.Object(
        {
          node: text(),
          rcode: nullable(text()),
          answered: count(),
          asked: count(),
          medianSeconds: nullable(seconds()),
        },
        closed,
      ),
      "a healthy node's row of the same kind",
    ),
  },
  shape('Evidence', "One row of the matrix as it stood when the finding was last seen, beside a healthy node's."),
)
export type Evidence = Static<typeof Evidence>

/** A fault, or an unexplained difference, on a scope. */
export const Finding = Type.Object(
  {
    id: Type.String({
      pattern: '^[0-9a-f]{16}$',
      description:
        'a hash of fault, scope and the first round that showed it: the same across evaluations and restarts',
    }),
    fault: text('a name of the catalogue (docs/faults)'),
    severity: oneOf(severities),
    scope: Scope,
    title: text(),
    story: text('one sentence: what is wrong, where, since when and against what'),
    since: instant('when it first showed'),
    lastSeen: instant(),
    ended: nullable(instant(), 'null while it is open'),
    confidence: oneOf(confidences),
    reopened: count('how often it ended and came back within ten minutes'),
    evidence: Type.Array(Evidence),
    cause: text('the likely cause: why this comes about, and what tells the possible reasons apart'),
    confirm: texts('commands that show it from another side, each after the place to run it in, `on node-2: …`'),
    remedy: text(),
    references: texts(),
    // In the diagnosis they stand by their ids.
    covers: texts('findings that are hidden because this one explains them: name and title'),
  },
  shape('Finding', 'A fault of the catalogue, or an unexplained difference, on a scope.'),
)
export type Finding = Static<typeof Finding>

/** The state of one probe over its window. */
export const ReportProbe = Type.Object(
  {
    target: Type.Object({ role: oneOf(roles), address: text(), learnedFrom: oneOf(targetOrigins) }, closed),
    transport: oneOf(transports),
    question: oneOf(questions),
    variant: nullable(
      text(),
      'what tells it from other probes of the question: `fixed-port`, `large-1232`, `no-edns`, `nsid`, the name of a `wildcard`; null for the plain one',
    ),
    state: State,
    reason: nullable(oneOf(noDataReasons), 'only with `no-data`'),
    outcome: nullable(oneOf(outcomes), 'the commonest of the window'),
    outcomes: Type.Record(Type.String(), count(), { description: 'how many samples of the window had each outcome' }),
    rcode: nullable(text(), 'the commonest RCODE of the answers, by name'),
    answered: count('samples of the window with an answer'),
    asked: count('samples of the window'),
    medianSeconds: nullable(seconds()),
    since: nullable(instant(), 'when it came into this state'),
    lastSampleAt: nullable(instant()),
  },
  shape('ReportProbe', 'One question to one target over one transport: its state over the window of its last samples.'),
)
export type ReportProbe = Static<typeof ReportProbe>

/** An agent with its probes. */
export const ReportAgent = Type.Object(
  {
    vantage: oneOf(vantages),
    state: State,
    status: Type.Enum(['expected', 'reporting', 'silent', 'stopped'], {
      description: '`expected`: never heard of; `stopped`: it said goodbye',
    }),
    lastSeen: nullable(instant()),
    version: nullable(text()),
    droppedRounds: count('rounds that fell out of its full buffer'),
    facts: nullable(Facts, 'what it read of its node last (resolv.conf, kernel, MTU …); null before the first'),
    probes: Type.Array(ReportProbe),
  },
  shape('ReportAgent', 'One of the two agents of a node.'),
)
export type ReportAgent = Static<typeof ReportAgent>

/** A node's clock. */
export const ReportClock = Type.Object(
  {
    offsetSeconds: nullable(Type.Number(), '+ = the node is ahead of the reference; null where nothing was measured'),
    uncertaintySeconds: nullable(seconds()),
    reference: nullable(text(), '`ntp 192.0.2.1` or `aggregator`'),
    measuredAt: nullable(instant()),
    state: State,
    samples: Type.Array(
      Type.Object(
        {
          vantage: oneOf(vantages),
          reference: text(),
          outcome: text(),
          offsetSeconds: nullable(Type.Number()),
          uncertaintySeconds: nullable(seconds()),
          measuredAt: instant(),
          secondOpinion: nullable(
            SecondOpinion,
            "another implementation's reading of the same server, where it was asked; where it does not agree, neither counts",
          ),
        },
        closed,
      ),
      { description: 'every reference of the last readings, answered or not' },
    ),
  },
  shape('ReportClock', 'A clock, against the reference that counts.'),
)
export type ReportClock = Static<typeof ReportClock>

/** A node with its agents and its clock. */
export const ReportNode = Type.Object(
  {
    name: text(),
    state: State,
    ready: nullable(Type.Boolean(), "Kubernetes' condition Ready; null outside of Kubernetes"),
    attributes: Type.Record(Type.String(), Type.String(), { description: 'zone, kernel, kubelet …' }),
    clock: ReportClock,
    agents: Type.Array(ReportAgent),
  },
  shape('ReportNode', 'A node, as its agents see it.'),
)
export type ReportNode = Static<typeof ReportNode>

/** The first line of the report, and its counts. */
export const Verdict = Type.Object(
  {
    state: State,
    sentence: text('the first line of the page'),
    nodes: Type.Object({ expected: count(), reporting: count(), odd: count() }, closed),
    agents: Type.Object({ expected: count(), reporting: count() }, closed),
    probes: Type.Object({ ok: count(), degraded: count(), failing: count(), noData: count() }, closed),
  },
  closed,
)
export type Verdict = Static<typeof Verdict>

/** Something a reader must know before the verdict. */
export const Notice = Type.Object(
  { title: text(), text: text(), commands: texts('what to type to learn more; [] where there is nothing to type') },
  shape(
    'Notice',
    'Something about the data itself that a reader must know before the verdict, and what to do about it.',
  ),
)
export type Notice = Static<typeof Notice>

/** What is the matter with the data itself. */
export const Notices = Type.Array(Notice, {
  description: 'what is the matter with the data itself, the gravest first; [] while it is whole and fresh',
})

/** `GET /report.json`: the one view model behind the page, the text and the JSON. */
export const Report = Type.Object(
  {
    schema: Type.Literal(REPORT_SCHEMA),
    at: instant(),
    cluster: text(),
    version: text(),
    storage: nullable(
      text(),
      'what keeps the aggregator from remembering, in one sentence with the way on; null while the store is well',
    ),
    notices: Notices,
    verdict: Verdict,
    findings: Type.Array(Finding, { description: 'open ones first, worst first; then those that ended' }),
    checks: Type.Array(ClusterCheck, {
      description: 'what people look up by hand, answered by the Kubernetes API; [] where nobody tells',
    }),
    hidden: texts('what could not be read of the cluster, why, and what that hides'),
    nodes: Type.Array(ReportNode),
  },
  shape('Report', 'The one model behind the page, the text and the JSON.'),
)
export type Report = Static<typeof Report>
