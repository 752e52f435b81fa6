import { type ClockComparison, commandOf, type Evidence, type Incident } from '@oddnode/protocol'
import {
  countText,
  glyphs,
  gotText,
  isCounted,
  medianText,
  namesOf,
  offsetText,
  readingText,
  spanText,
  timeText,
  whereText,
} from '../format.ts'
import { findingPath } from '../model/permalink.ts'
import { timelineLine } from './incident.ts'

/** Evidence that is pasted: a channel is no place for sixty rows. */
const MAX_EVIDENCE = 6

/** An incident as Markdown, to paste into a channel or a ticket. Texts from outside cannot become markup. */
export function incidentMarkdown(incident: Incident): string {
  const { finding, at, cluster, verdict, permalink, clocks, coveredBy, meanwhile } = incident
  const { severity, title, story, since, ended, confidence, scope, evidence, cause, confirm, remedy, references } =
    finding
  const until =
    ended === null ? `open for ${spanText(since, at)}` : `until ${timeText(ended)} (${spanText(since, ended)})`
  const shared = Object.entries(scope.shared).map(([name, value]) => `${name} ${value}`)
  const blocks = [
    `**${severity.toUpperCase()}: ${plain(title)}**`,
    plain(story),
    list([
      `Cluster: ${plain(cluster)}`,
      `Where: ${plain(whereText(scope))} (${ofNodes(scope.nodes.length, verdict.nodes.expected)})`,
      `Since: ${timeText(since)}, ${until}`,
      `How sure: ${confidence}`,
      ...(shared.length > 0 ? [`In common: ${plain(shared.join(', '))}`] : []),
      ...(coveredBy === null ? [] : [`Explained by: ${plain(coveredBy.title)}`]),
      `Report: ${permalink === null ? `\`${findingPath(finding.id)}\` of oddnode` : `<${permalink}>`}`,
    ]),
    clocks === null ? '' : clockTable(clocks),
    evidence.length === 0 ? '' : evidenceTable(evidence),
    cause === '' ? '' : `Likely cause: ${plain(cause)}`,
    confirm.length === 0 ? '' : `Confirm:\n\n${confirm.map(command).join('\n\n')}`,
    remedy === '' ? '' : `Remedy: ${plain(remedy)}`,
    meanwhile.length === 0 ? '' : `Meanwhile:\n\n${list(meanwhile.map((entry) => plain(timelineLine(entry))))}`,
    isCounted(scope) ? `All its nodes: ${plain(namesOf(scope).join(', '))}` : '',
    list(references.map((url) => `<${url.replace(/[<>\s]/g, encodeURIComponent)}>`)),
  ]
  return `${blocks.filter((text) => text !== '').join('\n\n')}\n`
}

const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n')

const ofNodes = (named: number, expected: number): string =>
  named === 0 ? countText(expected, 'node') : `${named} of ${countText(expected, 'node')}`

function clockTable({ rows, others }: ClockComparison): string {
  const cells = rows.map(({ node, state, offsetSeconds, uncertaintySeconds, reference }) => [
    `${glyphs[state]} ${plain(node)}`,
    offsetSeconds === null ? 'not measured' : readingText(offsetSeconds, uncertaintySeconds ?? 0),
    plain(reference ?? '–'),
  ])
  const rest =
    others === null ? [] : [[`median of ${countText(others.count, 'other')}`, offsetText(others.medianSeconds), '–']]
  return table([['Node', 'Clock offset', 'Against'], ['---', '---', '---'], ...cells, ...rest])
}

const table = (rows: readonly (readonly string[])[]): string => rows.map((row) => `| ${row.join(' | ')} |`).join('\n')

function evidenceTable(evidence: readonly Evidence[]): string {
  const rows = evidence.slice(0, MAX_EVIDENCE).flatMap(evidenceRows)
  const rest = evidence.length - MAX_EVIDENCE
  const cells = [
    ['Node', 'From', 'Asked', 'Got', 'Answered', 'Median'],
    ['---', '---', '---', '---', '---', '---'],
    ...rows,
  ]
  return table(cells) + (rest > 0 ? `\n\n${rest} more rows in the report.` : '')
}

/** The odd node's row, and below it a healthy node's. */
function evidenceRows({ vantage, target, transport, question, healthy, ...odd }: Evidence): string[][] {
  const asked = plain(`${target.role} ${target.address} ${transport} ${question}`)
  const row = [
    `${glyphs[odd.state]} ${plain(odd.node)}`,
    vantage,
    asked,
    plain(gotText(odd)),
    `${odd.answered}/${odd.asked}`,
    medianText(odd.medianSeconds),
  ]
  if (healthy === null) return [row]
  const { node, rcode, answered, asked: of, medianSeconds } = healthy
  return [
    row,
    [
      `${glyphs.ok} ${plain(node)}`,
      vantage,
      asked,
      plain(rcode ?? 'answered'),
      `${answered}/${of}`,
      medianText(medianSeconds),
    ],
  ]
}

/**
 * Text in which nothing means anything to Markdown (CommonMark 0.31.2 section 2.4), at the beginning of a block included, and nobody is
 * mentioned: the word joiner after an @ is not seen.
 */
const plain = (text: string): string =>
  text
    .replace(/[\\`*_[\]<>|~&]/g, (character) => `\\${character}`)
    .replace(/^([#+=-]|\d+[.)])/, (mark) => `\\${mark}`)
    .replaceAll('@', '@\u2060')

/** Where to type as a sentence, and what to type alone in the fence: it is copied as a whole. */
function command(line: string): string {
  const { place, text } = commandOf(line)
  return place === null ? code(text) : `${plain(place)}:\n\n${code(text)}`
}

/** Text in a fence that is longer than any run of backticks in it. */
function code(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}\n${text}\n${fence}`
}
