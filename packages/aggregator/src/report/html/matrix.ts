import type { ReportAgent, ReportNode, State } from '@oddnode/protocol'
import { html } from 'ghtml'
import { countText, glyphs } from '../format.ts'
import { learntTargets, learntText, targetName } from '../model/learnt-targets.ts'
import { type MatrixCell, type MatrixColumn, type MatrixRow, matrixOf } from '../model/matrix.ts'
import type { FoldedNodes } from '../model/node-selection.ts'
import { nodeLinkHtml } from './evidence.ts'
import type { Links } from './links.ts'

/** Columns that fit on paper. */
const PAPER_COLUMNS = 8

/** Nodes × vantage against targets × transport. Every cell says by glyph and text what was seen. */
export function matrixHtml(nodes: readonly ReportNode[], folded: readonly FoldedNodes[], links: Links | null): string {
  const { columns, rows } = matrixOf({ nodes: [...nodes] })
  const byNode = Map.groupBy(rows, ({ node }) => node)
  const learnt = learntByName(nodes)
  const bodies = nodes.map((node) => nodeHtml(node, byNode.get(node.name) ?? [], columns, links))
  return html`<div class="scroll matrix-box" tabindex="0" role="region" aria-label="Matrix of nodes and targets"><table class="matrix cards${columns.length > PAPER_COLUMNS ? ' wide' : ''}">
<caption>Each row is one node seen from its host or its pod network, odd ones first; each column is who was asked.</caption>
!${headHtml(columns, learnt)}
!${bodies}!${folded.map((group) => foldedHtml(group, columns.length, links))}
</table></div>
<p class="legend">!${legend.map(([state, meaning]) => html`<span class="${state}"><span class="glyph">${glyphs[state]}</span> ${meaning}</span>`)}<span>m/n: answers of the last n samples</span><span>–: not in the plan</span></p>`
}

const legend: readonly [State, string][] = [
  ['ok', 'ok, with the median time'],
  ['degraded', 'degraded'],
  ['failing', 'failing'],
  ['no-data', 'no data: not looked at, or nothing fresh'],
]

/** Where each target was learnt, by its name. */
const learntByName = (nodes: readonly ReportNode[]): ReadonlyMap<string, string> =>
  new Map(
    learntTargets(nodes.flatMap(({ agents }) => agents)).map((target) => [targetName(target), learntText(target)]),
  )

/** One heading for each target, above those of its transports. */
function headHtml(columns: readonly MatrixColumn[], learnt: ReadonlyMap<string, string>): string {
  const targets = [...Map.groupBy(columns, ({ role, address }) => `${role} ${address}`).values()]
  const learntHtml = (target: MatrixColumn) => {
    const from = learnt.get(targetName(target))
    return from === undefined ? '' : html`<span class="attributes">${from}</span>`
  }
  const heads = targets.map(([first, ...others]) =>
    first
      ? html`<th scope="colgroup" colspan="${1 + others.length}">${first.role}<span class="address">${first.address || 'each asks some'}</span>!${learntHtml(first)}</th>`
      : '',
  )
  return html`<thead>
<tr><th scope="col" rowspan="2" class="node">Node</th><th scope="col" rowspan="2">From</th>!${heads}</tr>
<tr>!${columns.map(({ transport }) => html`<th scope="col">${transport}</th>`)}</tr>
</thead>`
}

/** A node's rows: one for each of its agents, the odd one first. */
function nodeHtml(
  node: ReportNode,
  rows: readonly MatrixRow[],
  columns: readonly MatrixColumn[],
  links: Links | null,
): string {
  const { name, state, ready } = node
  const notes = [...(ready === false ? ['not ready'] : []), ...clockNotes(node)]
  const note = notes.length === 0 ? '' : html`<span class="attributes quiet">${notes.join(', ')}</span>`
  const head = html`<th scope="rowgroup" rowspan="${Math.max(1, rows.length)}" class="node ${state}"><span class="glyph">${glyphs[state]}</span> !${nodeLinkHtml(name, links)}!${note}</th>`
  const agentless = html`<tr>!${head}<td colspan="${columns.length + 1}" class="no-data">no agent is expected here</td></tr>`
  const lines = rows.map((row, i) => rowHtml(row, i === 0 ? head : '', columns))
  return html`<tbody data-key="${name}">!${rows.length === 0 ? agentless : lines}</tbody>`
}

/** A node whose only trouble is its clock would show a row of what is well. */
function clockNotes({ clock }: ReportNode): string[] {
  return clock.state === 'failing' || clock.state === 'degraded' ? [`clock ${clock.state}`] : []
}

function rowHtml({ vantage, status, cells }: MatrixRow, head: string, columns: readonly MatrixColumn[]): string {
  const well = cells.filter((cell) => cell?.state === 'ok').length
  const asked = cells.filter((cell) => cell !== null).length
  return html`<tr>!${head}<td data-label="From">${vantage}!${statusHtml(status)}</td>
!${columns.map((column, i) => cellHtml(cells[i] ?? null, column))}<td class="sum">${well} of ${asked} ok</td></tr>`
}

const statusHtml = (status: ReportAgent['status']) =>
  status === 'reporting' ? '' : html` <strong>${status === 'expected' ? 'never heard of' : status}</strong>`

function cellHtml(cell: MatrixCell | null, { role, address, transport }: MatrixColumn): string {
  if (!cell) return '<td class="not-planned">–</td>'
  const { state, text, question } = cell
  const glyph = html`<span class="glyph">${glyphs[state]}</span>`
  if (state === 'ok') return html`<td class="ok">!${glyph} ${text}</td>`
  const which = question === null ? '' : html`<span class="question">${question}</span>`
  return html`<td class="${state}" data-label="${[role, address, transport].filter(Boolean).join(' ')}"><span>!${glyph} ${text}!${which}</span></td>`
}

/** Nodes of which one says what is true of all. */
function foldedHtml({ state, count, first, last }: FoldedNodes, columns: number, links: Links | null): string {
  const what = state === 'ok' ? 'well in all that was looked at' : 'not heard of yet'
  const range = count === 1 ? first : `${first} … ${last}`
  const show =
    links === null
      ? ''
      : html` <a href="${links.report({ state, fold: 'no' })}#nodes">Show ${count === 1 ? 'it' : 'them'}</a>`
  return html`<tbody data-key="${state} folded"><tr class="alike ${state}"><th scope="row" class="node ${state}"><span class="glyph">${glyphs[state]}</span> ${countText(count, 'node')}</th>
<td colspan="${columns + 1}">${what}: ${range}.!${show}</td></tr></tbody>`
}
