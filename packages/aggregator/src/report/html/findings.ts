import type { ClockComparison, Finding, Scope } from '@oddnode/protocol'
import { html } from 'ghtml'
import { countText, MAX_NAMES, spanText, subjectText, whereText } from '../format.ts'
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
}

/** One finding with all that a person on call needs of it. */
export function findingHtml(finding: Finding, view: FindingView): string {
  const { id, severity, story, evidence } = finding
  return html`<article class="finding ${severity}" id="finding-${id}" aria-labelledby="title-${id}">
!${titleHtml(finding, view)}
<p class="story">${story}</p>
!${circumstancesHtml(finding, view)}
!${clockComparisonHtml(view.clocks ?? null, view.links)}!${evidenceHtml(evidence, view.evidence ?? MAX_EVIDENCE, view.links)}
!${whatToDoHtml(finding, view)}
</article>`
}

function titleHtml({ id, severity, title }: Finding, { links, heading = 3 }: FindingView): string {
  const badge = html`<span class="badge">${severity}</span>`
  if (heading === 1) return html`<header>!${badge}<h1 id="title-${id}">${title}</h1></header>`
  const permalink =
    links === null ? '' : html`<a href="${links.finding(id)}">Permalink<span class="hidden-text">: ${title}</span></a>`
  return html`<header>!${badge}<h3 id="title-${id}">${title}</h3>!${permalink}</header>`
}

function circumstancesHtml(finding: Finding, { at, links, heading }: FindingView): string {
  const { scope, since, lastSeen, ended, confidence, reopened, covers } = finding
  const shared = Object.entries(scope.shared).map(([name, value]) => `${name} ${value}`)
  const lasted = `${ended === null ? 'for' : 'lasted'} ${spanText(since, ended ?? at)}`
  const again = reopened > 0 ? `, came back ${countText(reopened, 'time')}` : ''
  const rows: [string, string][] = [
    ['Since', html`!${timeHtml(since)} <span class="quiet">${lasted}${again}</span>`],
    ...(heading === 1 ? ([['Last seen', timeHtml(lastSeen)]] satisfies [string, string][]) : []),
    ...(ended === null ? [] : ([['Ended', timeHtml(ended)]] satisfies [string, string][])),
    ['Where', scopeHtml(scope, links)],
    ['How sure', html`${confidence} <span class="quiet">${meaningOf[confidence]}</span>`],
  ]
  if (shared.length > 0) rows.push(['Only these have', html`${shared.join(', ')}`])
  if (covers.length > 0) rows.push(['Explains as well', html`${covers.join('; ')}`])
  return html`<dl class="circumstances">!${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>!${value}</dd></div>`)}</dl>`
}

const meaningOf: Readonly<Record<Finding['confidence'], string>> = {
  certain: '(the whole signature holds)',
  likely: '(a look-alike cannot be excluded)',
  possible: '(a part has no data)',
}

/** Nodes are named as ways to their pages; more than a few are counted. */
function scopeHtml(scope: Scope, links: Links | null): string {
  if (scope.kind === 'cluster' || scope.nodes.length === 0) return html`${whereText(scope)}`
  const named = scope.nodes.slice(0, MAX_NAMES).map((name) => nodeLinkHtml(name, links))
  const rest = scope.nodes.length - named.length
  const subject = subjectText(scope)
  const before = subject === '' ? '' : html`${subject}, seen from `
  const after = rest > 0 ? html` and ${rest} more` : ''
  return html`!${before}!${named.join(', ')}!${after}`
}

function whatToDoHtml({ confirm, remedy, references, fault }: Finding, { heading = 3 }: FindingView): string {
  const level = heading + 1
  const head = (text: string) => html`<h!${level} class="sub">${text}</h!${level}>`
  const commands = confirm.length > 0 ? html`!${head('Confirm it')}!${confirm.map(commandHtml)}` : ''
  const mend = remedy === '' ? '' : html`!${head('Remedy')}<p>${remedy}</p>`
  const links = [`${CATALOGUE}/${fault}.md`, ...references].map(
    (url, i) => html`<li><a href="${url}" rel="noreferrer">${i === 0 ? `About this fault: ${fault}` : url}</a></li>`,
  )
  return html`!${commands}!${mend}!${head('Read on')}<ul class="references">!${links}</ul>`
}
