import { type Static, Type } from 'typebox'
import { questions, roles, transports, vantages } from '../closed-sets.ts'
import { NODE_DIFF_SCHEMA } from '../wire.ts'
import { ReportClock, ReportProbe } from './report.ts'

const nullable = <T extends Parameters<typeof Type.Optional>[0]>(type: T, description?: string) =>
  Type.Union([type, Type.Null()], description === undefined ? {} : { description })
const closed = { additionalProperties: false }
const State = ReportProbe.properties.state

/** What one of the two nodes saw in a cell of the matrix. */
const SeenInCell = Type.Pick(
  ReportProbe,
  ['state', 'reason', 'outcome', 'outcomes', 'rcode', 'answered', 'asked', 'medianSeconds', 'since'],
  closed,
)

/** A probe that the two nodes do not see alike. */
export const DifferentCell = Type.Object(
  {
    vantage: Type.Enum([...vantages]),
    target: Type.Object({ role: Type.Enum([...roles]), address: Type.String() }, closed),
    transport: Type.Enum([...transports]),
    question: Type.Enum([...questions]),
    variant: nullable(Type.String()),
    a: nullable(SeenInCell, "null where this node's plan does not have it"),
    b: nullable(SeenInCell),
  },
  { title: 'DifferentCell', description: 'A probe that the two nodes do not see alike.', ...closed },
)
export type DifferentCell = Static<typeof DifferentCell>

/** A fact or an attribute that the two nodes do not have alike, in words. */
export const DifferentValue = Type.Object(
  {
    name: Type.String({ description: '`host resolv.conf nameservers`, `zone`, …' }),
    a: nullable(Type.String(), 'null where it is not known of this node'),
    b: nullable(Type.String()),
  },
  {
    title: 'DifferentValue',
    description: 'A fact or an attribute that the two nodes do not have alike, in words.',
    ...closed,
  },
)
export type DifferentValue = Static<typeof DifferentValue>

const Side = Type.Object(
  { name: Type.String(), state: State, ready: nullable(Type.Boolean()), clock: ReportClock },
  closed,
)

/** `GET /report/diff.json?a=&b=`: what differs between two nodes. */
export const NodeDiff = Type.Object(
  {
    schema: Type.Literal(NODE_DIFF_SCHEMA),
    at: Type.String({ description: 'RFC 3339' }),
    cluster: Type.String(),
    version: Type.String(),
    a: Side,
    b: Side,
    cells: Type.Array(DifferentCell, { description: 'cells of the matrix that differ, worst first' }),
    alikeCells: Type.Integer({ minimum: 0, description: 'how many are alike' }),
    facts: Type.Array(DifferentValue),
    attributes: Type.Array(DifferentValue),
    clock: nullable(
      Type.Object({ offsetSeconds: Type.Number(), uncertaintySeconds: Type.Number({ minimum: 0 }) }, closed),
      "by how much a's clock is ahead of b's, and how sure that is; null where one of them is not measured",
    ),
  },
  { title: 'NodeDiff', description: 'What differs between two nodes.', ...closed },
)
export type NodeDiff = Static<typeof NodeDiff>
