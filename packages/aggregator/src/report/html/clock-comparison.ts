import type { ClockComparison } from '@oddnode/protocol'
import { html } from 'ghtml'
import { countText, glyphs, offsetText, readingText } from '../format.ts'
import { nodeLinkHtml } from './evidence.ts'
import type { Links } from './links.ts'

/** The clocks of odd nodes beside a healthy one and the median of others. @param links null in a file that links nowhere */
export function clockComparisonHtml(clocks: ClockComparison | null, links: Links | null): string {
  if (clocks === null) return ''
  const { rows, others } = clocks
  const rest =
    others === null
      ? ''
      : html`<tr><th scope="row">median of ${countText(others.count, 'other')}</th><td data-label="Offset" class="number">${offsetText(others.medianSeconds)}</td><td data-label="Against">–</td></tr>`
  return html`<div class="scroll"><table class="cards">
<caption>Its clock beside others: + is ahead, − is behind</caption>
<thead><tr><th scope="col">Node</th><th scope="col">Offset</th><th scope="col">Against</th></tr></thead>
<tbody>!${rows.map((row) => rowHtml(row, links))}!${rest}</tbody>
</table></div>`
}

function rowHtml(row: ClockComparison['rows'][number], links: Links | null): string {
  const { node, state, offsetSeconds, uncertaintySeconds, reference } = row
  const reading = offsetSeconds === null ? 'not measured' : readingText(offsetSeconds, uncertaintySeconds ?? 0)
  return html`<tr class="${state}"><th scope="row"><span class="glyph">${glyphs[state]}</span> !${nodeLinkHtml(node, links)}</th><td data-label="Offset" class="number">${reading}</td><td data-label="Against" class="reference">${reference ?? '–'}</td></tr>`
}
