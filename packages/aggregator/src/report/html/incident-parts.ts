import type { Incident, ReportNode, TimelineEntry } from '@oddnode/protocol'
import { html } from 'ghtml'
import { glyphs, readingText, spanText } from '../format.ts'
import type { Links } from './links.ts'
import { matrixHtml } from './matrix.ts'
import { timeHtml } from './time.ts'

/** What is known around a finding: what covers it, what else was open, and its nodes' rows of the matrix. */
export function aroundHtml({ coveredBy, meanwhile, nodes, nodesUnknown, at }: Incident, links: Links | null): string {
  const covering =
    coveredBy === null
      ? ''
      : html`<div class="notice" role="note"><p><strong>Explained by another finding:</strong> !${entryHtml(coveredBy, at, links)}</p></div>`
  const others =
    meanwhile.length === 0
      ? ''
      : html`<section aria-labelledby="meanwhile"><h2 id="meanwhile">Open at the same time</h2><ul class="lines card">!${meanwhile.map((entry) => html`<li>!${entryHtml(entry, at, links)}</li>`)}</ul></section>`
  return html`!${covering}!${nodesSection(nodes, nodesUnknown, links)}!${others}`
}

function entryHtml({ id, title, severity, since, ended }: TimelineEntry, at: string, links: Links | null): string {
  const name = links === null ? html`${title}` : html`<a href="${links.finding(id)}">${title}</a>`
  const lasted = ended === null ? `open for ${spanText(since, at)}` : `lasted ${spanText(since, ended)}`
  return html`<span class="badge ${severity}">${severity}</span> !${name} <span class="quiet">since !${timeHtml(since)}, ${lasted}</span>`
}

function nodesSection(nodes: readonly ReportNode[], unknown: string | null, links: Links | null): string {
  const isBeside = nodes.some(({ state }) => state === 'ok')
  const head = html`<h2 id="rows">What its nodes saw${isBeside ? ', beside a healthy one' : ''}</h2>`
  if (nodes.length === 0)
    return unknown === null
      ? ''
      : html`<section aria-labelledby="rows">!${head}<p class="quiet">${unknown}</p></section>`
  const clocks = nodes.map(
    ({ name, clock }) =>
      html`<div class="${clock.state}"><dt>Clock of ${name}</dt><dd><span class="glyph">${glyphs[clock.state]}</span> ${clock.offsetSeconds === null ? 'not measured' : readingText(clock.offsetSeconds, clock.uncertaintySeconds ?? 0)}</dd></div>`,
  )
  return html`<section aria-labelledby="rows">!${head}!${matrixHtml(nodes, [], links)}<dl class="circumstances">!${clocks}</dl></section>`
}
