import { type Static, Type } from 'typebox'
import { INCIDENT_SCHEMA } from '../wire.ts'
import { Finding, Notices, ReportClock, ReportNode, Scope, Verdict } from './report.ts'

const nullable = <T extends Parameters<typeof Type.Optional>[0]>(type: T, description?: string) =>
  Type.Union([type, Type.Null()], description === undefined ? {} : { description })
const closed = { additionalProperties: false }

/** What of a finding a timeline shows. */
export const TimelineEntry = Type.Object(
  {
    ...Type.Pick(Finding, ['id', 'fault', 'severity', 'title', 'since', 'lastSeen', 'ended']).properties,
    ...Type.Pick(Scope, ['kind', 'nodes', 'subject']).properties,
  },
  { title: 'TimelineEntry', description: 'What of a finding a timeline shows.', ...closed },
)
export type TimelineEntry = Static<typeof TimelineEntry>

/** Clocks of odd nodes beside others', for a finding about clocks. */
export const ClockComparison = Type.Object(
  {
    rows: Type.Array(
      Type.Object(
        {
          node: Type.String(),
          ...Type.Pick(ReportClock, ['state', 'offsetSeconds', 'uncertaintySeconds', 'reference']).properties,
        },
        closed,
      ),
      { description: 'odd nodes of the finding, then a healthy one where there is one' },
    ),
    others: nullable(
      Type.Object({ count: Type.Integer({ minimum: 1 }), medianSeconds: Type.Number() }, closed),
      'the median offset of healthy nodes that have no row, in seconds, + = ahead, and how many they are; of many nodes some',
    ),
  },
  { title: 'ClockComparison', description: "Clocks of odd nodes beside others'.", ...closed },
)
export type ClockComparison = Static<typeof ClockComparison>

/** `GET /report/findings/:id.json`: one finding, open or ended, and what is known around it. */
export const Incident = Type.Object(
  {
    schema: Type.Literal(INCIDENT_SCHEMA),
    at: Type.String({ description: 'RFC 3339' }),
    cluster: Type.String(),
    version: Type.String(),
    notices: Notices,
    verdict: Verdict,
    permalink: nullable(
      Type.String(),
      "the address of the finding's page, where the setting externalUrl says how readers come there",
    ),
    finding: Finding,
    coveredBy: nullable(
      TimelineEntry,
      'the finding that explains this one, where it is hidden behind another; null where it stands for itself',
    ),
    meanwhile: Type.Array(TimelineEntry, {
      description: 'other findings that were open at the same time, the oldest first',
    }),
    nodes: Type.Array(ReportNode, {
      description:
        'odd nodes of the finding, and a healthy one beside them where there is one, as they stood when it was last seen; some of them',
    }),
    clocks: nullable(ClockComparison, 'null where the finding is not about clocks, or they are not known'),
    nodesUnknown: nullable(Type.String(), 'why `nodes` is empty, in one sentence; null where it is not'),
  },
  { title: 'Incident', description: 'One finding, open or ended, and what is known around it.', ...closed },
)
export type Incident = Static<typeof Incident>
