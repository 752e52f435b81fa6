import type { DifferentCell, DifferentValue, NodeDiff } from '@oddnode/protocol'
import { html } from 'ghtml'
import { countText, glyphs, offsetText, readingText, seenText } from '../format.ts'
import { documentHtml } from './document.ts'
import { nodeLinkHtml } from './evidence.ts'
import { type Links, linksFrom } from './links.ts'
import { timeHtml } from './time.ts'

/** The page that lays two nodes side by side. @param base the way from the page to where `/report` is @param past the value of `?at=` */
export function diffHtml(diff: NodeDiff, base: string, past: string | null = null): string {
  const { a, b, cells, alikeCells, facts, attributes, cluster } = diff
  const links = linksFrom({ base, past })
  return documentHtml({
    title: `${a.name} beside ${b.name} – oddnode ${cluster}`,
    base,
    past,
    about: diff,
    main: html`<h1>${a.name} beside ${b.name}</h1><p class="about">As of !${timeHtml(diff.at)}. <a href="${links.diff(b.name, a.name)}">The other way round</a></p>
!${sidesHtml(diff, links)}
!${sectionHtml('cells', `What they see: ${countText(cells.length, 'difference')}, ${alikeCells} alike`, cellsHtml(diff, links))}
!${sectionHtml('facts', 'What they are', valuesHtml(diff, 'facts', facts, links))}
!${sectionHtml('attributes', 'What Kubernetes says of them', valuesHtml(diff, 'attributes', attributes, links))}`,
  })
}

const sectionHtml = (id: string, title: string, content: string) =>
  html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>!${content}</section>`

function sidesHtml({ a, b, clock }: NodeDiff, links: Links): string {
  const sides = [a, b].map(({ name, state, ready, clock: own }) => {
    const reading =
      own.offsetSeconds === null ? 'not measured' : readingText(own.offsetSeconds, own.uncertaintySeconds ?? 0)
    return html`<tr class="${state}"><th scope="row"><span class="glyph">${glyphs[state]}</span> !${nodeLinkHtml(name, links)}</th><td data-label="State">${state}</td><td data-label="Kubernetes says">${ready === null ? '–' : ready ? 'Ready' : 'not ready'}</td><td data-label="Clock" class="number">${reading}</td></tr>`
  })
  const apart =
    clock === null
      ? ''
      : html`<p class="about">The clock of ${a.name} is ${offsetText(clock.offsetSeconds)} against that of ${b.name}, ± ${offsetText(clock.uncertaintySeconds).slice(1)}.</p>`
  return html`<div class="scroll plain"><table class="cards"><caption>The two nodes</caption><thead><tr>!${['Node', 'State', 'Kubernetes says', 'Clock'].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>!${sides}</tbody></table></div>!${apart}`
}

function cellsHtml({ a, b, cells }: NodeDiff, links: Links): string {
  if (cells.length === 0) return html`<p class="quiet">They see the same.</p>`
  return html`<div class="scroll plain"><table class="cards"><caption>Cells of the matrix that differ, the worst first</caption>!${headHtml('Asked', a.name, b.name, links)}<tbody>!${cells.map((cell) => cellRowHtml(cell, a.name, b.name))}</tbody></table></div>`
}

const headHtml = (what: string, a: string, b: string, links: Links) =>
  html`<thead><tr><th scope="col">${what}</th><th scope="col" class="side">!${nodeLinkHtml(a, links)}</th><th scope="col" class="side">!${nodeLinkHtml(b, links)}</th></tr></thead>`

function cellRowHtml(
  { vantage, target, transport, question, variant, ...seen }: DifferentCell,
  a: string,
  b: string,
): string {
  const what = [question, variant].filter(Boolean).join(' ')
  return html`<tr><th scope="row">${vantage}: ${target.role} <span class="address">${target.address}</span> ${transport} ${what}</th>!${seenHtml(seen.a, a)}!${seenHtml(seen.b, b)}</tr>`
}

function seenHtml(seen: DifferentCell['a'], name: string): string {
  if (seen === null) return html`<td data-label="${name}" class="quiet">not in its plan</td>`
  return html`<td data-label="${name}" class="${seen.state}"><span><span class="glyph">${glyphs[seen.state]}</span> ${seenText(seen)}</span></td>`
}

function valuesHtml({ a, b }: NodeDiff, what: string, values: readonly DifferentValue[], links: Links): string {
  if (values.length === 0) return html`<p class="quiet">No difference in ${what}.</p>`
  const rows = values.map(
    (value) =>
      html`<tr><th scope="row">${value.name}</th><td data-label="${a.name}">${value.a ?? 'not known'}</td><td data-label="${b.name}">${value.b ?? 'not known'}</td></tr>`,
  )
  return html`<div class="scroll plain"><table class="cards"><caption>Only what differs</caption>!${headHtml('What', a.name, b.name, links)}<tbody>!${rows}</tbody></table></div>`
}
