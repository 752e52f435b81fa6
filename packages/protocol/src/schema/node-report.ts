import { type Static, Type } from 'typebox'
import { NODE_REPORT_SCHEMA } from '../wire.ts'
import { Finding, Notices, ReportNode } from './report.ts'

/** `GET /report/nodes/:name.json`: one node, and the findings that name it. */
export const NodeReport = Type.Object(
  {
    schema: Type.Literal(NODE_REPORT_SCHEMA),
    at: Type.String({ description: 'RFC 3339' }),
    cluster: Type.String(),
    version: Type.String(),
    notices: Notices,
    node: ReportNode,
    findings: Type.Array(Finding, {
      description: 'open ones first, worst first; then those that ended, the latest first',
    }),
  },
  { title: 'NodeReport', description: 'One node, and the findings that name it.', additionalProperties: false },
)
export type NodeReport = Static<typeof NodeReport>
