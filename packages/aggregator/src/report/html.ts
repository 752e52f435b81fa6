import type { Finding, Report } from '@oddnode/protocol'
import { html } from 'ghtml'
import { clocksHtml } from './clocks-html.ts'
import { findingHtml } from './findings-html.ts'
import { checkText, countText, glyphs, spanText } from './format.ts'
import { matrixHtml } from './matrix-html.ts'
import { notLookedAt } from './not-looked-at.ts'
import { timeHtml } from './time-html.ts'

/** Ended findings that the page lists. */
const MAX_ENDED = 20

/**
 * The report as a page that needs no script, no other host and no colour.
 * @param stylesheet address of the style sheet, relative to the page
 */
export function reportHtml(report: Report, stylesheet: string): string {
  const { cluster, verdict } = report
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${glyphs[verdict.state]} ${verdict.state} – oddnode ${cluster}</title>
<link rel="stylesheet" href="${stylesheet}">
</head>
<body>
<a class="skip" href="#findings">To the findings</a>
!${headerHtml(report)}
<main>
!${verdictHtml(report)}
!${findingsHtml(report)}
!${sectionHtml('matrix', 'What was asked', matrixHtml(report))}
!${sectionHtml('clocks', 'Clocks', clocksHtml(report))}
!${checksHtml(report)}
!${notLookedAtHtml(report)}
!${endedHtml(report)}
</main>
!${footerHtml(report)}
</body>
</html>
`
}

const sectionHtml = (id: string, title: string, content: string) =>
  html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>!${content}</section>`

function headerHtml({ cluster, at, verdict }: Report): string {
  return html`<header class="top">
  <p class="brand"><span class="mark" aria-hidden="true"></span>oddnode</p>
  <p>cluster <strong>${cluster}</strong></p>
  <p>!${timeHtml(at)}</p>
  <p><strong>${verdict.agents.reporting}/${verdict.agents.expected}</strong> agents reporting</p>
</header>`
}

function verdictHtml({ verdict, storage }: Report): string {
  const { state, sentence, nodes, probes } = verdict
  const counts = [
    [`${nodes.odd}/${nodes.expected}`, 'nodes odd'],
    [String(probes.ok), 'probes ok'],
    [String(probes.degraded), 'degraded'],
    [String(probes.failing), 'failing'],
    [String(probes.noData), 'without data'],
  ] as const
  return html`<section class="verdict ${state}" aria-label="Verdict">
  <p class="state"><span class="glyph">${glyphs[state]}</span> ${state}</p>
  <h1>${sentence}</h1>
  <ul class="counts">!${counts.map(([count, of]) => html`<li><strong>${count}</strong> ${of}</li>`)}</ul>
</section>
!${storage === null ? '' : html`<p class="notice" role="status"><strong>Not remembered:</strong> ${storage}</p>`}`
}

const isOpen = ({ ended }: Finding) => ended === null

function findingsHtml({ findings, at }: Report): string {
  const open = findings.filter(isOpen)
  const list =
    open.length > 0
      ? open.map((finding) => findingHtml(finding, at)).join('')
      : html`<p class="quiet">No finding is open.</p>`
  return sectionHtml('findings', open.length > 0 ? countText(open.length, 'finding') : 'Findings', list)
}

function checksHtml({ checks }: Report): string {
  if (checks.length === 0) return ''
  return sectionHtml(
    'checks',
    'Checked by hand otherwise',
    html`<ul>!${checks.map((check) => html`<li>${checkText(check)}</li>`)}</ul>`,
  )
}

function notLookedAtHtml(report: Report): string {
  const lines = notLookedAt(report)
  if (lines.length === 0) return ''
  return sectionHtml('not-looked-at', 'Not looked at', html`<ul>!${lines.map((line) => html`<li>${line}</li>`)}</ul>`)
}

function endedHtml({ findings }: Report): string {
  const ended = findings.filter((finding) => !isOpen(finding)).slice(0, MAX_ENDED)
  if (ended.length === 0) return ''
  return sectionHtml('ended', 'Ended', html`<ul class="ended">!${ended.map(endedItem)}</ul>`)
}

function endedItem({ title, since, ended }: Finding): string {
  const end = ended ?? since
  return html`<li>!${timeHtml(since)} – !${timeHtml(end)} <span class="quiet">(${spanText(since, end)})</span> ${title}</li>`
}

function footerHtml({ version }: Report): string {
  return html`<footer>
  <p>The same report as <a href="report.json">JSON</a> and <a href="report.txt">text</a>; <a href="metrics">metrics</a>; <a href="v1/openapi.json">API</a>.</p>
  <p class="quiet">oddnode ${version}. Times are UTC.</p>
</footer>`
}
