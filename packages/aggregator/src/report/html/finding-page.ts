import type { Incident } from '@oddnode/protocol'
import { html } from 'ghtml'
import { glyphs, spanText } from '../format.ts'
import { documentHtml } from './document.ts'
import { findingHtml } from './findings.ts'
import { aroundHtml } from './incident-parts.ts'
import { linksFrom } from './links.ts'
import { noticesHtml } from './notices.ts'
import { placesHtml } from './places.ts'

/** Rows of evidence: the page of a finding has room. */
const MAX_EVIDENCE = 100
/** A browser that runs the script looks this often for what changed. */
const UPDATE_SECONDS = 5

/** The page of one finding, open or ended. @param base the way from the page to where `/report` is */
export function findingPageHtml(incident: Incident, base: string): string {
  const { finding, at, cluster } = incident
  const links = linksFrom({ base, past: null })
  const isOpen = finding.ended === null
  return documentHtml({
    title: `${isOpen ? glyphs.failing : glyphs.ok} ${finding.title} – oddnode ${cluster}`,
    base,
    about: incident,
    ...(isOpen ? { updateSeconds: UPDATE_SECONDS } : {}),
    main: html`!${noticesHtml(incident.notices)}!${endedHtml(incident)}!${findingHtml(finding, { at, links, heading: 1, evidence: MAX_EVIDENCE, clocks: incident.clocks })}!${placesHtml(incident)}!${keepHtml(incident)}!${aroundHtml(incident, links)}`,
  })
}

/** Who follows a link of yesterday must see at once that it is over. */
function endedHtml({ finding, at }: Incident): string {
  if (finding.ended === null) return ''
  return html`<div class="notice ok" role="note"><p><strong>It is over:</strong> ended ${spanText(finding.ended, at)} ago, after ${spanText(finding.since, finding.ended)}.</p></div>`
}

function keepHtml({ finding }: Incident): string {
  const file = (suffix: string) => `${finding.id}/incident.${suffix}`
  return html`<section aria-labelledby="keep"><h2 id="keep">Keep it, or pass it on</h2>
<ul class="downloads"><li><a href="${file('html')}">One HTML file</a></li><li><a href="${file('json')}">JSON</a></li><li><a href="${file('md')}">Markdown to paste</a></li><li><a href="${file('txt')}">Text to paste</a></li></ul></section>`
}
