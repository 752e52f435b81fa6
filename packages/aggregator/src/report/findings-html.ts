import type { Evidence, Finding } from '@oddnode/protocol'
import { html } from 'ghtml'
import { countText, durationText, glyphs, gotText, spanText, whereText } from './format.ts'
import { timeHtml } from './time-html.ts'

/** Evidence that is shown of one finding: enough to see the shape; the JSON has all. */
const MAX_EVIDENCE = 12

/** One open finding with all that a person on call needs of it. */
export function findingHtml(finding: Finding, at: string): string {
  const { id, severity, title, story, evidence } = finding
  return html`<article class="finding ${severity}" id="finding-${id}" aria-labelledby="title-${id}">
  <h3 id="title-${id}"><span class="badge">${severity}</span> ${title}</h3>
  <p class="story">${story}</p>
  !${circumstancesHtml(finding, at)}
  !${evidence.length > 0 ? evidenceHtml(evidence) : ''}
  !${confirmHtml(finding)}
</article>`
}

function circumstancesHtml({ scope, since, confidence, reopened, covers }: Finding, at: string): string {
  const shared = Object.entries(scope.shared).map(([name, value]) => `${name} ${value}`)
  const rows: [string, string][] = [
    [
      'Since',
      html`!${timeHtml(since)} <span class="quiet">for ${spanText(since, at)}${reopened > 0 ? `, came back ${countText(reopened, 'time')}` : ''}</span>`,
    ],
    ['Where', html`${whereText(scope)}`],
    ['How sure', html`${confidence}`],
  ]
  if (shared.length > 0) rows.push(['In common', html`${shared.join(', ')}`])
  if (covers.length > 0) rows.push(['Explains', html`${covers.join(', ')}`])
  return html`<dl class="circumstances">!${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>!${value}</dd></div>`)}</dl>`
}

function evidenceHtml(evidence: readonly Evidence[]): string {
  const shown = evidence.slice(0, MAX_EVIDENCE)
  const part =
    shown.length < evidence.length ? ` (${shown.length} of ${evidence.length} rows; report.json has all)` : ''
  return html`<div class="scroll"><table class="evidence cards">
  <caption>What differs${part}</caption>
  <thead><tr>!${['Node', 'From', 'Asked', 'Question', 'Got', 'Answered', 'Median'].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
  !${shown.map(evidenceRows)}
</table></div>`
}

type EvidenceRow = Pick<Evidence, 'node' | 'state' | 'answered' | 'asked' | 'medianSeconds'> & { got: string }

/** The odd node's row, and below it a healthy node's for the same question. */
function evidenceRows(evidence: Evidence): string {
  const { healthy } = evidence
  const odd = evidenceRow(evidence, { ...evidence, got: gotText(evidence) })
  const beside = healthy ? evidenceRow(evidence, { ...healthy, state: 'ok', got: healthy.rcode ?? 'answered' }) : ''
  return html`<tbody>!${odd}!${beside}</tbody>`
}

function evidenceRow({ vantage, target, transport, question }: Evidence, row: EvidenceRow): string {
  return html`<tr class="${row.state}">
    <th scope="row"><span class="glyph">${glyphs[row.state]}</span> ${row.node}</th>
    <td data-label="From" class="asked">${vantage}</td>
    <td data-label="Asked" class="asked"><span>${target.role} <span class="address">${target.address}</span> ${transport}</span></td>
    <td data-label="Question" class="asked">${question}</td>
    <td data-label="Got"><strong>${row.got}</strong></td>
    <td data-label="Answered" class="number">${row.answered}/${row.asked}</td>
    <td data-label="Median" class="number">${row.medianSeconds === null ? '–' : durationText(row.medianSeconds)}</td>
  </tr>`
}

function confirmHtml({ confirm, remedy, references }: Finding): string {
  const commands =
    confirm.length > 0 ? html`<h4>Confirm</h4><pre tabindex="0"><code>${confirm.join('\n')}</code></pre>` : ''
  const mend = remedy === '' ? '' : html`<h4>Remedy</h4><p>${remedy}</p>`
  const links = references.map((url) => html`<li><a href="${url}" rel="noreferrer">${url}</a></li>`)
  return html`!${commands}!${mend}!${links.length > 0 ? html`<ul class="references">!${links}</ul>` : ''}`
}
