import type { Finding, Report } from '@oddnode/protocol'
import type { Scenario } from './scenario.ts'

export const openFindings = ({ findings }: Report): Finding[] => findings.filter(({ ended }) => ended === null)

/** Findings that an open one explains. @param all with those that the report does not show */
export function coveredFindings(report: Report, all: readonly Finding[]): Finding[] {
  const covered = openFindings(report).flatMap(({ covers }) => covers)
  return all.filter(({ fault }) => covered.some((text) => text.startsWith(`${fault}:`)))
}

/** The scenario's fault, where it says, as bad as it says, in its words. */
export function isExpected({ fault, expect }: Scenario, finding: Finding): boolean {
  const { scope, severity, story } = finding
  return (
    finding.fault === fault &&
    scope.kind === expect.kind &&
    sameNames(scope.nodes, expect.nodes ?? []) &&
    isSubject(expect.subject ?? {}, scope.subject) &&
    (expect.severity ?? severity) === severity &&
    expect.story.test(story)
  )
}

const sameNames = (a: readonly string[], b: readonly string[]) => [...a].sort().join() === [...b].sort().join()

function isSubject(wanted: object, subject: Finding['scope']['subject']): boolean {
  const found = new Map<string, unknown>(Object.entries(subject ?? {}))
  return Object.entries(wanted).every(([key, value]) => found.get(key) === value)
}

/** Names of the faults that are told and should not be. */
export const wrongNames = ({ fault, expect }: Scenario, report: Report): string[] =>
  openFindings(report)
    .map((finding) => finding.fault)
    .filter((name) => name !== fault && !expect.beside?.includes(name))

/** One line for each finding, and for each kind of cell that is not well: what a person needs who asks why. */
export function inWords(report: Report): string {
  const findings = openFindings(report).map(
    ({ fault, severity, scope, story }) => `  ${fault} (${severity}, ${scope.kind} ${scope.nodes.join()}): ${story}`,
  )
  const { reporting, expected } = report.verdict.agents
  const missing = reporting < expected ? [`  ${reporting} of ${expected} agents report`] : []
  const cells = new Map<string, string[]>()
  for (const { name, agents } of report.nodes)
    for (const { vantage, probes } of agents)
      for (const { target, transport, question, variant, state, outcome, rcode, answered, asked } of probes) {
        if (state !== 'failing' && state !== 'degraded') continue
        const where = `${name} ${vantage}→${target.role} ${target.address}/${transport} ${state}`
        const what = `${question}${variant === null ? '' : `(${variant})`} ${outcome}${rcode === null ? '' : ` ${rcode}`} ${answered}/${asked}`
        cells.set(where, [...(cells.get(where) ?? []), what])
      }
  return [...missing, ...findings, ...[...cells].map(([where, what]) => `  ${where}: ${what.join(', ')}`)].join('\n')
}
