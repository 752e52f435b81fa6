import type { Evidence, Finding, Report, ReportNode } from '@oddnode/protocol'
import {
  checkText,
  disagreements,
  durationText,
  glyphs,
  gotText,
  readingText,
  spanText,
  timeText,
  whereText,
} from './format.ts'
import { leftOut, type MatrixCell, matrixOf } from './matrix.ts'
import { notLookedAt } from './not-looked-at.ts'

/** Evidence that is shown of one finding; the JSON has all. */
const MAX_EVIDENCE = 12
const MAX_ENDED = 20

/** The report for a terminal or a ticket: the same as the page, without markup. */
export function reportText(report: Report): string {
  const open = report.findings.filter(({ ended }) => ended === null)
  const ended = report.findings.filter((finding) => finding.ended !== null).slice(0, MAX_ENDED)
  const sections = [
    headText(report),
    open.length > 0 ? open.map((finding) => findingText(finding, report.at)).join('\n\n') : 'No finding is open.',
    section('What was asked', matrixText(report)),
    section('Clocks', [...report.nodes.map(clockText), ...report.nodes.flatMap(disagreements)]),
    section('Checked by hand otherwise', report.checks.map(checkText)),
    section('Not looked at', notLookedAt(report)),
    section('Ended', ended.map(endedText)),
  ]
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`
}

function headText({ verdict, cluster, at, version, storage }: Report): string {
  const { state, sentence, agents } = verdict
  const context = `cluster ${cluster} · ${timeText(at)} · ${agents.reporting}/${agents.expected} agents reporting · oddnode ${version}`
  return [
    `${glyphs[state]} ${state.toUpperCase()}  ${sentence}`,
    context,
    ...(storage === null ? [] : [`Not remembered: ${storage}`]),
  ].join('\n')
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [`${title.toUpperCase()}`, ...indented(lines)].join('\n')
}

const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`)

function findingText(finding: Finding, at: string): string {
  const { severity, title, story, since, confidence, scope, evidence, confirm, remedy, references, covers } = finding
  const shared = Object.entries(scope.shared).map(([name, value]) => `${name} ${value}`)
  return [
    `${severity.toUpperCase()}  ${title}`,
    ...indented([
      story,
      `since ${timeText(since)} (${spanText(since, at)}) · ${confidence} · ${whereText(scope)}`,
      ...(shared.length > 0 ? [`in common: ${shared.join(', ')}`] : []),
      ...(covers.length > 0 ? [`explains: ${covers.join(', ')}`] : []),
      ...aligned(evidence.slice(0, MAX_EVIDENCE).flatMap(evidenceCells)),
      ...(evidence.length > MAX_EVIDENCE ? [`… ${evidence.length - MAX_EVIDENCE} more rows in report.json`] : []),
      ...confirm.map((command) => `confirm  ${command}`),
      ...(remedy === '' ? [] : [`remedy   ${remedy}`]),
      ...references.map((url) => `see      ${url}`),
    ]),
  ].join('\n')
}

/** The odd node's row, and below it a healthy node's. */
function evidenceCells({ node, vantage, target, transport, question, healthy, ...seen }: Evidence): string[][] {
  const asked = [vantage, `${target.role} ${target.address}`, transport, question]
  const median = (seconds: number | null) => (seconds === null ? '–' : durationText(seconds))
  const odd = [
    glyphs[seen.state],
    node,
    ...asked,
    gotText(seen),
    `${seen.answered}/${seen.asked}`,
    median(seen.medianSeconds),
  ]
  if (!healthy) return [odd]
  const got = healthy.rcode ?? 'answered'
  return [
    odd,
    [glyphs.ok, healthy.node, ...asked, got, `${healthy.answered}/${healthy.asked}`, median(healthy.medianSeconds)],
  ]
}

function matrixText(report: Report): string[] {
  const { columns, rows } = matrixOf(report)
  if (rows.length === 0) return ['No agent has reported yet.']
  const names = columns.map(({ role, address, transport }) => `${role} ${address} ${transport}`)
  const lines = rows.map(({ node, vantage, state, cells }) => [
    `${glyphs[state]} ${node}`,
    vantage,
    ...cells.map(cellText),
  ])
  const rest = leftOut(report)
  return [...aligned([['node', 'from', ...names], ...lines]), ...(rest === null ? [] : [`… ${rest} see report.json`])]
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
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length)
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
