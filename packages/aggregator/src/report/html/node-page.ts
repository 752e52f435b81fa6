import type { NodeReport, ReportAgent, ReportClock, ReportNode, ReportProbe, State } from '@oddnode/protocol'
import { html } from 'ghtml'
import { countText, disagreements, glyphs, medianText, readingText, seenText, worstFirst } from '../format.ts'
import { learntTargets, targetsByOrigin } from '../model/learnt-targets.ts'
import { documentHtml } from './document.ts'
import { factsHtml } from './facts.ts'
import { findingHtml } from './findings.ts'
import { type Links, linksFrom } from './links.ts'
import { noticesHtml } from './notices.ts'
import { timeHtml } from './time.ts'

/** A browser that runs the script looks this often for what changed. */
const UPDATE_SECONDS = 5

/** The page of one node. @param base the way from the page to where `/report` is @param past the value of `?at=` */
export function nodeHtml(report: NodeReport, base: string, past: string | null = null): string {
  const { node, cluster } = report
  const links = linksFrom({ base, past })
  return documentHtml({
    title: `${glyphs[node.state]} ${node.name} – oddnode ${cluster}`,
    base,
    past,
    about: report,
    ...(past === null ? { updateSeconds: UPDATE_SECONDS } : {}),
    main: html`!${noticesHtml(report.notices)}!${headHtml(report)}!${findingsHtml(report, links)}!${node.agents.toSorted(worseFirst).map(agentHtml)}!${clockHtml(node)}`,
  })
}

function headHtml({ node, at }: NodeReport): string {
  const { name, state, ready, attributes } = node
  const rows = [
    ['As of', timeHtml(at)],
    ...(ready === null ? [] : [['Kubernetes says', ready ? 'Ready' : 'not ready']]),
    ...Object.entries(attributes).map(([key, value]) => [html`${key}`, html`${value}`]),
  ]
  return html`<section class="verdict ${state}" aria-label="Verdict"><div class="say"><p class="state"><span class="glyph">${glyphs[state]}</span> ${state === 'no-data' ? 'no data' : state}</p><h1>${name}</h1></div>
<dl class="numbers">!${rows.map(([key, value]) => html`<div><dt>!${key}</dt><dd>!${value}</dd></div>`)}</dl></section>`
}

function findingsHtml({ findings, at }: NodeReport, links: Links): string {
  if (findings.length === 0)
    return html`<section aria-labelledby="findings"><h2 id="findings">Findings</h2><p class="quiet">No finding names this node.</p></section>`
  return html`<section aria-labelledby="findings"><h2 id="findings">Findings that name it</h2>!${findings.map((finding) => findingHtml(finding, { at, links }))}</section>`
}

function agentHtml({ vantage, state, status, lastSeen, version, facts, droppedRounds, probes }: ReportAgent): string {
  const rows = [
    ['Agent', html`${status === 'expected' ? 'never heard of' : status}`],
    ['Last heard', lastSeen === null ? 'never' : timeHtml(lastSeen)],
    ...(version === null ? [] : [['Version', html`${version}`]]),
    ...(droppedRounds === 0 ? [] : [['Rounds lost to a full buffer', String(droppedRounds)]]),
    ...targetsByOrigin(learntTargets([{ probes }])).map(({ from, names }) => [html`Learnt ${from}`, html`${names}`]),
  ]
  const name = vantage === 'host' ? 'the host' : 'the pod network'
  return html`<section aria-labelledby="${vantage}" class="${state}"><h2 id="${vantage}"><span class="glyph">${glyphs[state]}</span> From ${name}</h2>
<dl class="circumstances">!${rows.map(([key, value]) => html`<div><dt>!${key}</dt><dd>!${value}</dd></div>`)}</dl>
!${probesHtml(probes)}!${facts === null ? '' : html`<h3 class="hidden-text">What it is</h3>!${factsHtml(facts)}`}</section>`
}

/** What is well is there for those who look for it, out of the way of what is not. */
function probesHtml(probes: readonly ReportProbe[]): string {
  if (probes.length === 0) return html`<p class="quiet">It was not asked for anything yet.</p>`
  const odd = probes.filter(({ state }) => state !== 'ok').toSorted(worseFirst)
  const well = probes.filter(({ state }) => state === 'ok')
  const folded =
    well.length === 0
      ? ''
      : html`<details><summary>${countText(well.length, 'probe')} ok</summary>!${probeTable('What is well', well)}</details>`
  return html`!${odd.length === 0 ? '' : probeTable('What is not well', odd)}!${folded}`
}

const worseFirst = (a: { state: State }, b: { state: State }) =>
  worstFirst.indexOf(a.state) - worstFirst.indexOf(b.state)

const probeTable = (
  caption: string,
  probes: readonly ReportProbe[],
) => html`<div class="scroll plain"><table class="cards">
<caption>${caption}</caption>
<thead><tr>!${['Asked', 'Question', 'Seen', 'Answered', 'Median', 'So since'].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>!${probes.map(probeHtml)}</tbody></table></div>`

function probeHtml(probe: ReportProbe): string {
  const { target, transport, question, variant, state, answered, asked, medianSeconds, since } = probe
  const key = [target.role, target.address, transport, question, variant].filter(Boolean).join(' ')
  return html`<tr data-key="${key}" class="${state}"><th scope="row">${target.role} <span class="address">${target.address}</span> ${transport}</th>
<td data-label="Question">${[question, variant].filter(Boolean).join(' ')}</td>
<td data-label="Seen" class="${state}"><span><span class="glyph">${glyphs[state]}</span> ${state === 'ok' ? 'ok' : seenText(probe)}</span></td>
<td data-label="Answered" class="number">${answered}/${asked}</td>
<td data-label="Median" class="number">${medianText(medianSeconds)}</td>
<td data-label="So since">!${since === null ? '–' : timeHtml(since)}</td></tr>`
}

function clockHtml(node: ReportNode): string {
  const { clock } = node
  const said = disagreements(node).map((line) => html`<p class="about">${line}.</p>`)
  return html`<section aria-labelledby="clock" class="${clock.state}"><h2 id="clock"><span class="glyph">${glyphs[clock.state]}</span> Clock</h2>
!${clock.samples.length === 0 ? html`<p class="quiet">No reference was asked yet.</p>` : samplesHtml(clock)}!${said}</section>`
}

function samplesHtml({ samples }: ReportClock): string {
  const rows = samples.map(
    ({ vantage, reference, outcome, offsetSeconds, uncertaintySeconds, measuredAt }) =>
      html`<tr data-key="${vantage} ${reference}"><th scope="row">${reference}</th><td data-label="From">${vantage}</td><td data-label="Outcome">${outcome}</td><td data-label="Offset" class="number">${offsetSeconds === null ? '–' : readingText(offsetSeconds, uncertaintySeconds ?? 0)}</td><td data-label="Measured">!${timeHtml(measuredAt)}</td></tr>`,
  )
  return html`<div class="scroll plain"><table class="cards"><caption>Each reference's last reading: + is ahead, − is behind</caption>
<thead><tr>!${['Reference', 'From', 'Outcome', 'Offset', 'Measured'].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>!${rows}</tbody></table></div>`
}
