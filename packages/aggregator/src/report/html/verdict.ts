import { html } from 'ghtml'
import { countText, glyphs, spanText } from '../format.ts'
import { type Glance, glanceOf } from '../model/glance.ts'
import type { Moment, ReportHead } from '../model/moment.ts'
import { noticesHtml } from './notices.ts'
import { timeHtml } from './time.ts'

/** What is the matter with the data, then the one sentence, what it is of, and the way to each finding. */
export function verdictHtml(moment: Moment): string {
  const { head } = moment
  const { state, sentence } = head.verdict
  return html`!${noticesHtml(head.notices)}<section class="verdict ${state}" aria-label="Verdict">
<div class="say" aria-live="polite"><p class="state"><span class="glyph">${glyphs[state]}</span> ${state === 'no-data' ? 'no data' : state}</p><h1>${sentence}</h1></div>
!${glanceHtml(head)}!${numbersHtml(moment)}</section>`
}

const MAX_AT_A_GLANCE = 8

/** The open findings, those of one fault in a line. */
function glanceHtml({ findings, at }: ReportHead): string {
  const all = glanceOf(findings)
  if (all.length === 0) return ''
  const left = all.slice(MAX_AT_A_GLANCE).reduce((sum, { others }) => sum + 1 + others, 0)
  const more =
    left > 0
      ? html`<li><span></span><a class="what" href="#findings">and ${countText(left, 'more finding')}</a></li>`
      : ''
  return html`<ul class="glance" aria-label="Open findings">!${all.slice(0, MAX_AT_A_GLANCE).map((glance) => glanceItem(glance, at))}!${more}</ul>`
}

function glanceItem({ id, fault, severity, title, others, since }: Glance, at: string): string {
  const rest = others === 0 ? '' : html` <span class="quiet">and ${others} more of this fault</span>`
  return html`<li data-key="${severity} ${fault}" class="${severity}"><span class="badge">${severity}</span><span class="what"><a href="#finding-${id}">${title}</a>!${rest}</span><span class="when">for ${spanText(since, at)}</span></li>`
}

function numbersHtml({ head, heard }: Moment): string {
  const { agents, nodes, probes } = head.verdict
  const lag = agents.reporting < agents.expected ? 'lag' : ''
  const age = heard.latestAt === null ? 'none yet' : `${spanText(heard.latestAt, head.at)} old`
  const rows = [
    ['As of', timeHtml(head.at)],
    ['Newest round', html`${age}`],
    ['Agents reporting', html`<span class="${lag}">${agents.reporting} of ${agents.expected}</span>`],
    ['Nodes odd', html`${nodes.odd} of ${nodes.expected}`],
    ['Probes', html`${probesText(probes)}`],
  ] as const
  return html`<dl class="numbers">!${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>!${value}</dd></div>`)}</dl>`
}

function probesText({ ok, degraded, failing, noData }: ReportHead['verdict']['probes']): string {
  const parts: [number, string][] = [
    [failing, 'failing'],
    [degraded, 'degraded'],
    [noData, 'without data'],
  ]
  const trouble = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`)
  return [...trouble, `${ok} ok`].join(', ')
}
