import { NODE_REPORT_SCHEMA, type NodeReport, type ReportNode } from '@oddnode/protocol'
import type { Moment } from './moment.ts'

/** One node with the findings that name it, or whose evidence does. */
export function nodeReportOf({ head }: Moment, node: ReportNode): NodeReport {
  const { at, cluster, version, notices } = head
  const findings = head.findings.filter(
    ({ scope, evidence }) => scope.nodes.includes(node.name) || evidence.some((row) => row.node === node.name),
  )
  return { schema: NODE_REPORT_SCHEMA, at, cluster, version, notices, node, findings }
}
