import type { ClockComparison, Finding } from '@oddnode/protocol'
import { html } from 'ghtml'
import { countText, isCounted, MAX_NAMES, namesOf, spanText, subjectText, whereText } from '../format.ts'
import { clockComparisonHtml } from './clock-comparison.ts'
import { commandHtml } from './command.ts'
import { evidenceHtml, MAX_EVIDENCE, nodeLinkHtml } from './evidence.ts'
import type { Links } from './links.ts'
import { timeHtml } from './time.ts'

/** Where each fault of the catalogue is explained. */
const CATALOGUE = 'https://github.com/oddnode/oddnode/blob/main/docs/faults'

export type FindingView = {
  /** RFC 3339: what is open has lasted until then. */
  at: string
  /** Null in a file that links nowhere. */
  links: Links | null
  /** Of a finding about clocks. */
  clocks?: ClockComparison | null
  /** 1 where the page is about nothing else. */
  heading?: 1 | 3
  /** Rows of evidence at most. */
  evidence?: number
  /** Only its title shows, until the reader opens it. */
  folded?: boolean
}

/** One finding with all that a person on call needs of it. */
export function findingHtml(finding: Finding, view: FindingView): string {
  const { id, severity, title, since } = finding
  if (!view.folded) return articleHtml(finding, view, html` id="finding-${id}"`)
  return html`<details class="folded ${severity}" id="finding-${id}"><summary><span class="badge">${severity}</span> ${title} <span class="quiet">for ${spanText(since, view.at)}</span></summary>!${articleHtml(finding, view, '')}</details>`
}

function articleHtml(finding: Finding, view: FindingView, anchor: string): string {
  const { id, severity, story, evidence, scope } = finding
  return html`<article class="finding ${severity}"!${anchor} aria-labelledby="title-${id}">
!${titleHtml(finding, view)}
<p class="story">${story}</p>
!${circumstancesHtml(finding, view)}
!${clockComparisonHtml(view.clocks ?? null, view.links)}!${evidenceHtml(evidence, { most: view.evidence ?? MAX_EVIDENCE, nodes: scope.nodes.length, links: view.links })}
!${causeHtml(finding, view)}!${whatToDoHtml(finding, view)}
</article>`
}

function titleHtml({ id, severity, title }: Finding, { links, heading = 3 }: FindingView): string {
  const badge = html`<span class="badge">${severity}</span>`
  if (heading === 1) return html`<header>!${badge}<h1 id="title-${id}">${title}</h1></header>`
  const permalink =
    links === null ? '' : html`<a href="${links.finding(id)}">Permalink<span class="hidden-text">: ${title}</span></a>`
  return html`<header>!${badge}<h3 id="title-${id}">${title}</h3>!${permalink}</header>`
}

function circumstancesHtml(finding: Finding, view: FindingView): string {
  const { at, heading } = view
  const { scope, since, lastSeen, ended, confidence, reopened, covers } = finding
  const shared = Object.entries(scope.shared).map(([name, value]) => `${name} ${value}`)
  const lasted = `${ended === null ? 'for' : 'lasted'} ${spanText(since, ended ?? at)}`
  const again = reopened > 0 ? `, came back ${countText(reopened, 'time')}` : ''
  const rows: [string, string][] = [
    ['Since', html`!${timeHtml(since)} <span class="quiet">${lasted}${again}</span>`],
    ...(heading === 1 ? ([['Last seen', timeHtml(lastSeen)]] satisfies [string, string][]) : []),
    ...(ended === null ? [] : ([['Ended', timeHtml(ended)]] satisfies [string, string][])),
    ['Where', scopeHtml(finding, view)],
    ['How sure', html`${confidence} <span class="quiet">${sureText(finding)}</span>`],
  ]
  if (shared.length > 0) rows.push(['Only these have', html`${shared.join(', ')}`])
  if (covers.length > 0) rows.push(['Explains as well', html`${covers.join('; ')}`])
  return html`<dl class="circumstances">!${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>!${value}</dd></div>`)}</dl>`
}

/** That something differs may be certain, and its cause unknown. */
const sureText = ({ fault, confidence }: Finding): string =>
  fault === UNEXPLAINED ? '(that it differs; the cause is not known)' : meaningOf[confidence]

const UNEXPLAINED = 'unexplained-difference'

const meaningOf: Readonly<Record<Finding['confidence'], string>> = {
  certain: '(the whole signature holds)',
  likely: '(a look-alike cannot be excluded)',
  possible: '(a part has no data)',
}

/** Nodes are named as ways to their pages; of many, the finding's own page and file name the rest below. */
function scopeHtml({ id, scope }: Finding, { links, heading }: FindingView): string {
  if (scope.kind === 'cluster' || scope.nodes.length === 0) return html`${whereText(scope)}`
  const names = namesOf(scope).map((name) => nodeLinkHtml(name, links))
  const subject = subjectText(scope)
  const before = subject === '' ? '' : html`${subject}, seen from `
  const few = names.slice(0, MAX_NAMES).join(', ')
  if (!isCounted(scope)) return html`!${before}!${few}`
  const rest = `and ${names.length - MAX_NAMES} more`
  if (heading === 1)
    return html`!${before}!${few} <details class="names"><summary>${rest}</summary><p>!${names.slice(MAX_NAMES).join(', ')}</p></details>`
  const more = links === null ? html`${rest}` : html`<a href="${links.finding(id)}">${rest}</a>`
  return html`!${before}!${few} !${more}`
}

/** Why it comes about: between what was seen and what to do. */
const causeHtml = ({ cause }: Finding, { heading = 3 }: FindingView): string =>
  cause === '' ? '' : html`!${headingHtml('Likely cause', heading)}<p>${cause}</p>`

const headingHtml = (text: string, above: 1 | 3): string => html`<h!${above + 1} class="sub">${text}</h!${above + 1}>`

function whatToDoHtml({ confirm, remedy, references, fault }: Finding, { heading = 3 }: FindingView): string {
  const head = (text: string) => headingHtml(text, heading)
  const commands = confirm.length > 0 ? html`!${head('Confirm it')}!${confirm.map(commandHtml)}` : ''
  const mend = remedy === '' ? '' : html`!${head('Remedy')}<p>${remedy}</p>`
  const links = [`${CATALOGUE}/${fault}.md`, ...references].map(
    (url, i) => html`<li><a href="${url}" rel="noreferrer">${i === 0 ? `About this fault: ${fault}` : url}</a></li>`,
  )
  return html`!${commands}!${mend}!${head('Read on')}<ul class="references">!${links}</ul>`
}
