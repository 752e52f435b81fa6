import type { Incident } from '@oddnode/protocol'
import { html } from 'ghtml'
import { findingHtml } from './findings.ts'
import { headHtml } from './head.ts'
import { aroundHtml } from './incident-parts.ts'
import { style } from './style.ts'
import { timeHtml } from './time.ts'

/** Rows of evidence: a file to keep has all that is shown anywhere. */
const MAX_EVIDENCE = 100

/** An incident as one file that asks nobody for anything: its style is in it, allowed by `incidentPolicy`. */
export function incidentHtml(incident: Incident): string {
  const { finding, at, cluster, version, permalink } = incident
  const named = html`Finding ${finding.id}`
  const source = permalink === null ? named : html`<a href="${permalink}" rel="noreferrer">!${named}</a>`
  return html`!${headHtml(`${finding.title} – oddnode ${cluster}`, html`<style>!${style}</style>`)}
<body>
<header class="top"><p class="brand"><strong><span class="mark"></span>oddnode</strong><span>cluster <strong>${cluster}</strong></span></p><p>saved !${timeHtml(at)}</p></header>
<main>!${findingHtml(finding, { at, links: null, heading: 1, evidence: MAX_EVIDENCE, clocks: incident.clocks })}!${aroundHtml(incident, null)}</main>
<footer><p>!${source}, by oddnode ${version}. Times are UTC.</p></footer>
</body>
</html>
`
}
