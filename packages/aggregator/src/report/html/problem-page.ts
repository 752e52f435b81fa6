import type { Problem } from '@oddnode/protocol'
import { html } from 'ghtml'
import { documentHtml } from './document.ts'
import { linksFrom } from './links.ts'
import { timeHtml } from './time.ts'

/** The page of an error answer. @param base the way from the page to where `/report` is */
export function problemHtml({ title, detail, status, moments = [] }: Problem, base: string): string {
  return documentHtml({
    title: `${title} – oddnode`,
    base,
    main: html`<section class="verdict no-data" aria-label="Problem"><div class="say"><p class="state">${status}</p><h1>${title}</h1><p>${detail}</p>!${momentsHtml(moments, base)}</div></section>`,
  })
}

/** The moments next to the one that was asked for. */
function momentsHtml(moments: readonly string[], base: string): string {
  if (moments.length === 0) return ''
  const { moment } = linksFrom({ base, past: null })
  const list = moments.map((at) => html`<li><a href="${moment(at)}">!${timeHtml(at)}</a></li>`)
  return html`<p>What is remembered next to it:</p><ul>!${list}</ul>`
}
