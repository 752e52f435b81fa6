import type { Report, State } from '@oddnode/protocol'
import { html } from 'ghtml'
import { glyphs } from './format.ts'
import { leftOut, type MatrixCell, type MatrixColumn, type MatrixRow, matrixOf } from './matrix.ts'

/** Nodes × vantage against targets × transport. Every cell says by glyph and text what was seen. */
export function matrixHtml(report: Pick<Report, 'nodes' | 'verdict'>): string {
  const { columns, rows } = matrixOf(report)
  if (rows.length === 0) return html`<p class="quiet">No agent has reported yet.</p>`
  const rest = leftOut(report)
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Matrix"><table class="matrix cards">
  <caption>Each row is one node seen from its host or its pod network, odd ones first; each column is who was asked.</caption>
  !${headHtml(columns)}
  <tbody>!${rows.map((row) => rowHtml(row, columns))}</tbody>
</table></div>
!${rest === null ? '' : html`<p class="quiet">${rest} see <a href="report.json">report.json</a>.</p>`}
<p class="legend">!${legend.map(([state, meaning]) => html`<span class="${state}"><span class="glyph">${glyphs[state]}</span> ${meaning}</span>`)}<span>m/n: answers of the last n samples</span></p>`
}

const legend: readonly [State, string][] = [
  ['ok', 'ok'],
  ['degraded', 'degraded'],
  ['failing', 'failing'],
  ['no-data', 'no data: not looked at, or nothing fresh'],
]

/** One heading for each target, above those of its transports. */
function headHtml(columns: readonly MatrixColumn[]): string {
  const targets = [...Map.groupBy(columns, ({ role, address }) => `${role} ${address}`).values()]
  const heads = targets.map(([first, ...others]) =>
    first
      ? html`<th scope="colgroup" colspan="${1 + others.length}">${first.role}<span class="address">${first.address}</span></th>`
      : '',
  )
  return html`<thead>
    <tr><th scope="col" rowspan="2">Node</th><th scope="col" rowspan="2">From</th>!${heads}</tr>
    <tr>!${columns.map(({ transport }) => html`<th scope="col">${transport}</th>`)}</tr>
  </thead>`
}

function rowHtml({ node, vantage, state, status, cells }: MatrixRow, columns: readonly MatrixColumn[]): string {
  const note = status === 'reporting' ? '' : html` <span class="quiet">${status}</span>`
  return html`<tr>
    <th scope="row" class="${state}"><span class="glyph">${glyphs[state]}</span> ${node}!${note}</th><td data-label="From">${vantage}</td>
    !${columns.map((column, i) => cellHtml(cells[i] ?? null, column))}
  </tr>`
}

function cellHtml(cell: MatrixCell | null, { role, address, transport }: MatrixColumn): string {
  const label = `${role} ${address} ${transport}`
  if (!cell) return html`<td class="not-planned" data-label="${label}"><span class="quiet">–</span></td>`
  const question = cell.question === null ? '' : html`<span class="question">${cell.question}</span>`
  return html`<td class="${cell.state}" data-label="${label}"><span><span class="glyph">${glyphs[cell.state]}</span> ${cell.text}!${question}</span></td>`
}
