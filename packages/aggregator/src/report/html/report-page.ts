import type { Finding } from '@oddnode/protocol'
import { html } from 'ghtml'
import { countText, glyphs } from '../format.ts'
import { clockComparison } from '../model/clock-comparison.ts'
import { besideOf, type Moment, reportOf } from '../model/moment.ts'
import { everyNode, type NodeQuery, selectNodes } from '../model/node-selection.ts'
import { notLookedAt } from '../model/not-looked-at.ts'
import { checksHtml } from './checks.ts'
import { clocksHtml } from './clocks.ts'
import { documentHtml } from './document.ts'
import { findingHtml } from './findings.ts'
import { latencyHtml } from './latency.ts'
import { type Links, linksFrom } from './links.ts'
import { nodesHtml } from './nodes.ts'
import { timelineHtml } from './timeline.ts'
import { verdictHtml } from './verdict.ts'

export type ReportQuery = NodeQuery & {
  /** The value of `?at=`; null for the present. */
  at: string | null
}

export const wholeReport: ReportQuery = { ...everyNode, at: null }

/** A browser that runs the script looks this often for what changed. */
const UPDATE_SECONDS = 5

/** The same as `reportHtml`, step by step: to look at a page of nodes with all their probes takes longer than all else. */
export function* reportHtmlInSteps(live: Moment, query: ReportQuery = wholeReport): Generator<void, string, void> {
  const moment = remembering(live)
  const drawn = [...selectNodes(moment.nodes, query).shown, ...moment.nodes.slice(0, MOST_LOOKED_AT)]
  for (const { name } of drawn) {
    moment.node(name)
    yield
  }
  return reportHtml(moment, query)
}

/** The report as a page that needs no script, no other host and no colour. */
export function reportHtml(live: Moment, query: ReportQuery = wholeReport): string {
  const moment = remembering(live)
  const { head } = moment
  const { cluster, verdict, version, at } = head
  const links = linksFrom({ base: '', past: query.at })
  const parts = partsOf(moment, query, links)
  return documentHtml({
    title: `${glyphs[verdict.state]} ${verdict.state} – oddnode ${cluster}`,
    base: '',
    past: query.at,
    about: { cluster, version, at },
    parts: parts.map(({ id, name }) => [id, name] as const),
    ...(query.at === null ? { updateSeconds: UPDATE_SECONDS } : {}),
    main: html`!${verdictHtml(moment)}!${parts.map(partHtml)}!${elsewhereHtml(links)}`,
  })
}

type Part = { id: string; name: string; title: string; about?: string; content: string }

const partHtml = ({ id, title, about, content }: Part) =>
  html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>!${about === undefined ? '' : html`<p class="about">${about}</p>`}!${content}</section>`

function partsOf(moment: Moment, query: ReportQuery, links: Links): Part[] {
  const { checks, at } = moment.head
  const missing = notLookedAt(reportOf(moment, MOST_LOOKED_AT))
  return [
    findingsPart(moment, links),
    {
      id: 'nodes',
      name: 'Nodes',
      title: 'What was asked',
      content: nodesHtml(moment, { query, links, past: query.at }),
    },
    { id: 'clocks', name: 'Clocks', title: 'Clocks', content: clocksHtml(moment, links) },
    {
      id: 'latency',
      name: 'Latency',
      title: 'How long answers take',
      about:
        'Each node by the median of its answers. The line is the median of all nodes; all drawings have the same axis.',
      content: latencyHtml(moment.latency, links),
    },
    {
      id: 'timeline',
      name: 'Timeline',
      title: 'Timeline of findings',
      content: timelineHtml(moment.timeline, { at, links, keepsPast: moment.keepsPast }),
    },
    ...(checks.length === 0
      ? []
      : [{ id: 'checks', name: 'Checks', title: 'Checked by hand otherwise', content: checksHtml(checks) }]),
    ...(missing.length === 0
      ? []
      : [{ id: 'not-looked-at', name: 'Not looked at', title: 'Not looked at', content: linesHtml(missing) }]),
  ]
}

/** Nodes whose probes are searched for what was not looked at: of more, the odd ones come first. */
const MOST_LOOKED_AT = 50

/** Findings that are told at once: of more, the titles, so that the matrix is not a hundred screens away. */
const MOST_OPEN = 3

function findingsPart(moment: Moment, links: Links): Part {
  const { head } = moment
  const clocksFor = (finding: Finding) => clockComparison(finding, besideOf(moment))
  const open = head.findings.filter(({ ended }) => ended === null)
  const title = open.length === 0 ? 'Findings' : countText(open.length, 'finding')
  const content =
    open.length === 0
      ? html`<p class="quiet">No finding is open.</p>`
      : open
          .map((finding, place) =>
            findingHtml(finding, { at: head.at, links, clocks: clocksFor(finding), folded: place >= MOST_OPEN }),
          )
          .join('')
  return { id: 'findings', name: title, title, content }
}

const linesHtml = (lines: readonly string[]) =>
  html`<ul class="lines card">!${lines.map((line) => html`<li>${line}</li>`)}</ul>`

const elsewhereHtml = (links: Links) =>
  html`<section aria-label="Other forms"><p class="about">The same report as <a href="${links.form('json')}">JSON</a> and <a href="${links.form('txt')}">text</a>; in a terminal <code>oddnode report URL</code>.</p></section>`

/** A node that several parts of a page show is looked at once. */
function remembering(moment: Moment): Moment {
  const known = new Map<string, ReturnType<Moment['node']>>()
  return {
    ...moment,
    node: (name) => {
      const view = known.get(name) ?? moment.node(name)
      known.set(name, view)
      return view
    },
  }
}
