import {
  type ClockComparison,
  commandOf,
  type Evidence,
  type Finding,
  type Notice,
  type Report,
  type ReportNode,
} from '@oddnode/protocol'
import {
  checkText,
  countText,
  disagreements,
  durationText,
  glyphs,
  gotText,
  offsetText,
  readingText,
  spanText,
  timeText,
  whereText,
} from '../format.ts'
import { clockComparison } from '../model/clock-comparison.ts'
import { glanceOf } from '../model/glance.ts'
import { learntTargets, targetsByOrigin } from '../model/learnt-targets.ts'
import { leftOut, type MatrixCell, matrixOf } from '../model/matrix.ts'
import { notLookedAt } from '../model/not-looked-at.ts'

/** Evidence that is shown of one finding; the JSON has all. */
const MAX_EVIDENCE = 12
const MAX_ENDED = 20

/** The report for a terminal or a ticket: the same as the page, without markup. */
export function reportText(report: Report): string {
  const open = report.findings.filter(({ ended }) => ended === null)
  const ended = report.findings.filter((finding) => finding.ended !== null).slice(0, MAX_ENDED)
  const sections = [
    headText(report),
    section('Findings', open.length > 1 ? glanceLines(report) : []),
    open.length > 0
      ? open.map((finding) => findingText(finding, report.at, clocksFor(report, finding))).join('\n\n')
      : 'No finding is open.',
    section('What was asked', matrixText(report)),
    section('Clocks', [...report.nodes.map(clockText), ...report.nodes.flatMap(disagreements)]),
    section('Checked by hand otherwise', report.checks.map(checkText)),
    section('Not looked at', notLookedAt(report)),
    section('Ended', ended.map(endedText)),
  ]
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`
}

/** The open findings in a line each, before all that is known of them. */
const glanceLines = ({ findings, at }: Report): string[] =>
  aligned(
    glanceOf(findings).map(({ severity, title, others, since }) => [
      severity,
      `${title}${others === 0 ? '' : ` (and ${others} more of this fault)`}, for ${spanText(since, at)}`,
    ]),
  )

function clocksFor({ nodes }: Report, finding: Finding): ClockComparison | null {
  const known = new Map(nodes.map((node) => [node.name, node]))
  return clockComparison(finding, { node: (name) => known.get(name) ?? null, candidates: () => known.keys() })
}

function headText({ verdict, cluster, at, version, notices }: Report): string {
  const { state, sentence, agents } = verdict
  const context = `cluster ${cluster} · ${timeText(at)} · ${agents.reporting}/${agents.expected} agents reporting · oddnode ${version}`
  return [`${glyphs[state]} ${state.toUpperCase()}  ${sentence}`, context, ...noticeLines(notices)].join('\n')
}

/** What is the matter with the data itself, each with what to type. */
export const noticeLines = (notices: readonly Notice[]): string[] =>
  notices.flatMap(({ title, text, commands }) => [`${title}: ${text}`, ...indented(commands)])

/** A title above its lines; nothing without lines. */
export function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [`${title.toUpperCase()}`, ...indented(lines)].join('\n')
}

/** Two spaces before each line. */
export const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`)

/** One finding with all that a person on call needs of it. @param at until when an open one is told @param clocks of a finding about clocks */
export function findingText(finding: Finding, at: string, clocks: ClockComparison | null = null): string {
  const { severity, title, story, since, confidence, scope, evidence, cause, confirm, remedy, references, covers } =
    finding
  const shared = Object.entries(scope.shared).map(([name, value]) => `${name} ${value}`)
  return [
    `${severity.toUpperCase()}  ${title}`,
    ...indented([
      story,
      `since ${timeText(since)} (${spanText(since, at)}) · ${confidence} · ${whereText(scope)}`,
      ...(shared.length > 0 ? [`in common: ${shared.join(', ')}`] : []),
      ...(covers.length > 0 ? [`explains: ${covers.join(', ')}`] : []),
      ...clockLines(clocks),
      ...aligned(evidence.slice(0, MAX_EVIDENCE).flatMap(evidenceCells)),
      ...(evidence.length > MAX_EVIDENCE ? [`… ${evidence.length - MAX_EVIDENCE} more rows in report.json`] : []),
      ...(cause === '' ? [] : [`cause    ${cause}`]),
      ...confirm.flatMap(commandLines),
      ...(remedy === '' ? [] : [`remedy   ${remedy}`]),
      ...references.map((url) => `see      ${url}`),
    ]),
  ].join('\n')
}

/** What to type has a line of its own, so that it is copied as a whole; where to type it stands before it. */
function commandLines(line: string): string[] {
  const { place, text } = commandOf(line)
  return place === null ? [`confirm  ${text}`] : [`confirm  ${place}:`, `         ${text}`]
}

/** Odd clocks, a healthy one, and the median of others. */
function clockLines(clocks: ClockComparison | null): string[] {
  if (clocks === null) return []
  const { rows, others } = clocks
  return aligned([
    ...rows.map(({ node, state, offsetSeconds, uncertaintySeconds, reference }) => [
      `${glyphs[state]} ${node}`,
      offsetSeconds === null ? 'not measured' : readingText(offsetSeconds, uncertaintySeconds ?? 0),
      reference === null ? '' : `against ${reference}`,
    ]),
    ...(others === null ? [] : [[`  median of ${countText(others.count, 'other')}`, offsetText(others.medianSeconds)]]),
  ])
}

/** The odd node's row, and below it a healthy node's. */
function evidenceCells({ node, vantage, target, transport, question, healthy, ...seen }: Evidence): string[][] {
  const asked = [vantage, `${target.role} ${target.address} ${transport}`, question]
  const odd = [`${glyphs[seen.state]} ${node}`, ...asked, `${gotText(seen)} ${answeredText(seen)}`]
  if (!healthy) return [odd]
  return [odd, [`${glyphs.ok} ${healthy.node}`, ...asked, `${healthy.rcode ?? 'answered'} ${answeredText(healthy)}`]]
}

/** `5/5 0.4 ms`: few cells, so that a row of evidence has room in a terminal of 80 columns. */
const answeredText = ({ answered, asked, medianSeconds }: Pick<Evidence, 'answered' | 'asked' | 'medianSeconds'>) =>
  `${answered}/${asked}${medianSeconds === null ? '' : ` ${durationText(medianSeconds)}`}`

function matrixText(report: Report): string[] {
  const { columns, rows } = matrixOf(report)
  if (rows.length === 0) return ['No agent has reported yet.']
  const names = columns.map(({ role, address, transport }) => `${role} ${address} ${transport}`)
  const states = new Map(report.nodes.map(({ name, state }) => [name, state]))
  const lines = rows.map(({ node, vantage, state, cells }) => [
    `${glyphs[states.get(node) ?? state]} ${node}`,
    vantage,
    ...cells.map(cellText),
  ])
  const rest = leftOut(report)
  const learnt = targetsByOrigin(learntTargets(report.nodes.flatMap(({ agents }) => agents)))
  return [
    ...aligned([['node', 'from', ...names], ...lines]),
    ...(rest === null ? [] : [`… ${rest} see report.json`]),
    ...learnt.map(({ from, names }) => `learnt ${from}: ${names}`),
  ]
}

function cellText(cell: MatrixCell | null): string {
  if (!cell) return '–'
  return `${glyphs[cell.state]} ${cell.text}${cell.question === null ? '' : ` (${cell.question})`}`
}

function clockText({ name, clock }: ReportNode): string {
  const { offsetSeconds, uncertaintySeconds, reference, state } = clock
  if (offsetSeconds === null) return `${glyphs[state]} ${name}: not measured`
  return `${glyphs[state]} ${name}: ${readingText(offsetSeconds, uncertaintySeconds ?? 0)} against ${reference}`
}

function endedText({ title, since, ended }: Finding): string {
  const end = ended ?? since
  return `${timeText(since)} – ${timeText(end)} (${spanText(since, end)}) ${title}`
}

/** Pads the cells of each column to its widest one. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length)
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
