import { html } from 'ghtml'
import { timeText } from '../format.ts'
import { headHtml } from './head.ts'
import { linksFrom } from './links.ts'
import { scriptName } from './script.ts'
import { styleName } from './style.ts'
import { timeHtml } from './time.ts'

export type Document = {
  title: string
  /** The way from the page to where `/report` is: '' for `/report` itself, '../' for `/report/diff`, '../../' for what is below. */
  base: string
  /** The value of `?at=`; null on a page of the present. */
  past?: string | null
  /** What the page is about; absent on the page of an error. */
  about?: { cluster: string; version: string; at: string }
  /** Parts of the page, by their id. */
  parts?: readonly (readonly [id: string, name: string])[]
  /** Seconds after which a browser that runs the script looks for what changed; absent on a page that does not change. */
  updateSeconds?: number
  /** HTML. */
  main: string
}

/** A page around its content: complete without the script, which is allowed by its file's name alone. */
export function documentHtml(document: Document): string {
  const { title, base, main, updateSeconds } = document
  const files = html`<link rel="stylesheet" href="${base}report/${styleName}">
<script src="${base}report/${scriptName}" defer></script>`
  return html`!${headHtml(title, files)}
<body!${updateSeconds === undefined ? '' : html` data-update-seconds="${updateSeconds}"`}>
<a class="skip" href="#main">To the content</a>
!${headerHtml(document)}
<main id="main">
!${pastHtml(document)}!${main}
</main>
!${footerHtml(document)}
</body>
</html>
`
}

function headerHtml({ base, past = null, about, parts = [] }: Document): string {
  const links = linksFrom({ base, past })
  const cluster = about === undefined ? '' : html`<span>cluster <strong>${about.cluster}</strong></span>`
  const list = parts.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)
  const nav =
    list.length > 0
      ? html`<nav aria-label="Parts of this page"><ul>!${list}</ul></nav>`
      : html`<nav aria-label="Pages"><ul><li><a href="${links.report()}">The report</a></li></ul></nav>`
  return html`<header class="top">
<p class="brand"><a href="${links.report()}"><span class="mark"></span>oddnode</a>!${cluster}</p>
!${nav}
</header>`
}

/** Nobody must take the past for the present. */
function pastHtml({ past = null, base }: Document): string {
  if (past === null) return ''
  const now = linksFrom({ base, past: null }).report()
  return html`<div class="notice" role="note"><p><strong>The past:</strong> this is how it stood at !${timeHtml(past)}. <a href="${now}">Back to now</a></p></div>`
}

function footerHtml({ about, base, past = null, updateSeconds }: Document): string {
  if (about === undefined) return ''
  const { file } = linksFrom({ base, past })
  const reload =
    updateSeconds === undefined
      ? ''
      : html`<noscript><p class="later"><strong>This page is from ${timeText(about.at)}.</strong> Reload it for the present: without JavaScript it does not update itself.</p></noscript>`
  return html`<footer>
!${reload}<p>oddnode ${about.version}. Times are UTC. <a href="${file('metrics')}">Metrics</a>, <a href="${file('v1/openapi.json')}">API</a>.</p>
</footer>`
}
