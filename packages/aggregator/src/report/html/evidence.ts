import type { Evidence } from '@oddnode/protocol'
import { html } from 'ghtml'
import { countText, glyphs, gotText, medianText } from '../format.ts'
import type { Links } from './links.ts'

/** Rows of evidence that a page shows of one finding among others: enough to see the shape; its own page and the JSON have more. */
export const MAX_EVIDENCE = 6

/** A row, and the other nodes that saw the same. */
type Shape = { row: Evidence; others: readonly string[] }

export type EvidenceView = {
  /** Rows that are shown at most. */
  most: number
  /** How many nodes the finding is about: a finding of many has evidence of some. */
  nodes: number
  /** Null in a file that links nowhere. */
  links: Links | null
}

/** The odd rows of the matrix, each beside a healthy node's; nodes that saw the same share a row. */
export function evidenceHtml(evidence: readonly Evidence[], { most, nodes, links }: EvidenceView): string {
  if (evidence.length === 0) return ''
  const shapes = shapesOf(evidence)
  const seen = new Set(evidence.map(({ node }) => node)).size
  const of = seen < nodes ? `, on ${seen} of its ${countText(nodes, 'node')}` : ''
  const part = `${of}${shapes.length > most ? `: ${most} of ${shapes.length} rows, the JSON has all` : ''}`
  const beside = evidence.some(({ healthy }) => healthy !== null) ? ', beside a healthy node' : ''
  return html`<div class="scroll"><table class="evidence cards">
<caption>What differs${beside}${part}</caption>
<thead><tr>!${heads.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
!${shapes.slice(0, most).map((shape) => rowsHtml(shape, links))}
</table></div>`
}

const heads = ['Node', 'From', 'Asked', 'Question', 'Got', 'Answered', 'Median']

function shapesOf(evidence: readonly Evidence[]): Shape[] {
  const alike = Map.groupBy(evidence, ({ vantage, target, transport, question, ...seen }) =>
    [vantage, target.role, target.address, transport, question, seen.state, gotText(seen)].join(' '),
  )
  return [...alike.values()].flatMap(([row, ...others]) =>
    row === undefined ? [] : [{ row, others: others.map(({ node }) => node) }],
  )
}

type Row = Pick<Evidence, 'node' | 'state' | 'answered' | 'asked' | 'medianSeconds'> & {
  got: string
  others: readonly string[]
}

/** The odd node's row, and below it a healthy node's for the same question. */
function rowsHtml({ row, others }: Shape, links: Links | null): string {
  const { healthy } = row
  const odd = rowHtml(row, { ...row, others, got: gotText(row) }, links)
  const beside = healthy
    ? rowHtml(row, { ...healthy, others: [], state: 'ok', got: healthy.rcode ?? 'answered' }, links)
    : ''
  return html`<tbody>!${odd}!${beside}</tbody>`
}

function rowHtml({ vantage, target, transport, question }: Evidence, row: Row, links: Links | null): string {
  return html`<tr class="${row.state}">
<th scope="row"><span class="glyph">${glyphs[row.state]}</span> !${nodesHtml([row.node, ...row.others], links)}</th>
<td data-label="From" class="asked">${vantage}</td>
<td data-label="Asked" class="asked"><span>${target.role} <span class="address">${target.address}</span> ${transport}</span></td>
<td data-label="Question" class="asked">${question}</td>
<td data-label="Got"><strong>${row.got}</strong></td>
<td data-label="Answered" class="number">${row.answered}/${row.asked}</td>
<td data-label="Median" class="number">${medianText(row.medianSeconds)}</td>
</tr>`
}

/** Nodes of a row that are named; the rest is counted. */
const MAX_NAMES = 3

function nodesHtml(names: readonly string[], links: Links | null): string {
  const named = names.slice(0, MAX_NAMES).map((name) => nodeLinkHtml(name, links))
  const rest = names.length - named.length
  return html`!${named.join(', ')}!${rest === 0 ? '' : html` <span class="quiet">and ${rest} more</span>`}`
}

/** A node's name, as a way to its page where there is one. */
export const nodeLinkHtml = (name: string, links: Links | null): string =>
  links === null ? html`${name}` : html`<a href="${links.node(name)}">${name}</a>`
