import type { Report, ReportNode } from '@oddnode/protocol'
import { type Links, linksFrom } from '../../src/report/html/links.ts'
import { timelineEntry } from '../../src/report/model/incident.ts'
import type { Moment, NodeSummary } from '../../src/report/model/moment.ts'
import { AT, sampleReport } from './sample-report.ts'

/** Links of the main page in the present. */
export const links: Links = linksFrom({ base: '', past: null })

/** What breaks out of text, of a quoted attribute and of a comment. */
export const HOSTILE = `"'><script>alert(1)</script><!-- \${7*7} =`

/** Addresses as a browser reads them. */
export const unescaped = (page: string): string => page.replaceAll('&#38;', '&').replaceAll('&#61;', '=')

export const summaryOf = ({ name, state, ready, attributes, agents, clock }: ReportNode): NodeSummary => ({
  name,
  state,
  ready,
  attributes,
  agents,
  clock,
  columns: '',
})

/** A report as a moment. */
export function momentOf(report: Report = sampleReport(), changes: Partial<Moment> = {}): Moment {
  const { nodes, ...head } = report
  return {
    head,
    past: false,
    keepsPast: true,
    nodes: nodes.map(summaryOf),
    node: (name) => nodes.find((node) => node.name === name) ?? null,
    heard: {
      latestAt: AT,
      firstAt: '2026-11-21T08:00:00.000Z',
      roundSeconds: 15,
      startedAt: '2026-11-21T08:00:00.000Z',
    },
    timeline: head.findings.map(timelineEntry),
    latency: [],
    ...changes,
  }
}
