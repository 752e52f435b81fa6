import type { Report, ReportClock, ReportNode } from '@oddnode/protocol'
import { html } from 'ghtml'
import { disagreements, glyphs, offsetText, readingText, worstFirst } from './format.ts'
import { timeHtml } from './time-html.ts'

/** The axis is at least this long to both sides, in seconds: noise of microseconds is not drawn as a difference. */
const SHORTEST_AXIS = 0.005

/** Every node's offset with its uncertainty, on one axis. */
export function clocksHtml({ nodes }: Pick<Report, 'nodes'>): string {
  if (nodes.length === 0) return html`<p class="quiet">No clock was measured yet.</p>`
  const shown = nodes.toSorted(worseClockFirst)
  const reach = Math.max(SHORTEST_AXIS, ...shown.map(({ clock }) => reachOf(clock)))
  return html`<div class="scroll"><table class="clocks cards">
  <caption>Offset of each node's clock: + is ahead, − is behind. The bar is its uncertainty, on an axis from ${offsetText(-reach)} to ${offsetText(reach)}.</caption>
  <thead><tr>!${['Node', 'Offset', '', 'Against', 'Measured'].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
  <tbody>!${shown.map((node) => rowHtml(node, reach))}</tbody>
</table></div>!${shown.flatMap(disagreements).map((line) => html`<p>${line}.</p>`)}`
}

const reachOf = ({ offsetSeconds, uncertaintySeconds }: ReportClock) =>
  Math.abs(offsetSeconds ?? 0) + (uncertaintySeconds ?? 0)

const worseClockFirst = (a: ReportNode, b: ReportNode) =>
  worstFirst.indexOf(a.clock.state) - worstFirst.indexOf(b.clock.state) ||
  Math.abs(b.clock.offsetSeconds ?? 0) - Math.abs(a.clock.offsetSeconds ?? 0)

function rowHtml({ name, clock }: ReportNode, reach: number): string {
  const { offsetSeconds, uncertaintySeconds, reference, measuredAt, state } = clock
  const head = html`<th scope="row" class="${state}"><span class="glyph">${glyphs[state]}</span> ${name}</th>`
  if (offsetSeconds === null)
    return html`<tr>!${head}<td data-label="Offset" class="no-data" colspan="4">not measured</td></tr>`
  const uncertainty = uncertaintySeconds ?? 0
  const text = readingText(offsetSeconds, uncertainty)
  return html`<tr>!${head}
    <td data-label="Offset" class="number ${state}">${text}</td>
    <td class="axis">!${axisSvg(offsetSeconds, uncertainty, reach, text)}</td>
    <td data-label="Against">${reference ?? ''}</td>
    <td data-label="Measured">!${measuredAt === null ? '' : timeHtml(measuredAt)}</td>
  </tr>`
}

const WIDTH = 240
const MIDDLE = WIDTH / 2
const MARGIN = 5

/** Attributes only: the content security policy allows no style in the page. */
function axisSvg(offset: number, uncertainty: number, reach: number, label: string): string {
  const place = (seconds: number) => Number((MIDDLE + (seconds / reach) * (MIDDLE - MARGIN)).toFixed(1))
  const from = place(offset - uncertainty)
  const width = Math.max(1, Number((place(offset + uncertainty) - from).toFixed(1)))
  return html`<svg role="img" aria-label="${label}" viewBox="0 0 ${WIDTH} 16" width="${WIDTH}" height="16">
    <line class="zero" x1="${MIDDLE}" y1="0" x2="${MIDDLE}" y2="16"/><line class="scale" x1="0" y1="8" x2="${WIDTH}" y2="8"/>
    <rect class="uncertainty" x="${from}" y="4" width="${width}" height="8" rx="2"/><circle class="offset" cx="${place(offset)}" cy="8" r="3.5"/>
  </svg>`
}
