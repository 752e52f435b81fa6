import { type State, states, visibleText } from '@oddnode/protocol'
import { html } from 'ghtml'
import { countText } from '../format.ts'
import type { Moment, NodeSummary } from '../model/moment.ts'
import { everyNode, type NodeQuery, type NodeSelection, selectNodes } from '../model/node-selection.ts'
import type { Links } from './links.ts'
import { matrixHtml } from './matrix.ts'

export type NodesView = { query: NodeQuery; links: Links; past: string | null }

/** The matrix of the nodes that a reader asks for, with the ways to ask for others. */
export function nodesHtml(moment: Moment, { query, links, past }: NodesView): string {
  const { nodes } = moment
  if (nodes.length === 0) return html`<p class="quiet">No node is known yet.</p>`
  const selection = selectNodes(nodes, query)
  const rows = selection.shown.flatMap(({ name }) => moment.node(name) ?? [])
  const tools =
    nodes.length > 1 ? html`<div class="tools">!${filterHtml(query, past)}!${diffHtml(nodes, past)}</div>` : ''
  const matrix =
    selection.matching === 0
      ? html`<p class="card lines">No node fits. <a href="${links.report()}#nodes">Show all</a></p>`
      : matrixHtml(rows, selection.folded, links)
  return html`!${tools}!${saidHtml(selection, nodes.length, query, links)}!${matrix}!${pagesHtml(selection, query, links)}`
}

const hiddenAt = (past: string | null) => (past === null ? '' : html`<input type="hidden" name="at" value="${past}">`)

function filterHtml({ q, state }: NodeQuery, past: string | null): string {
  const options = states.map((one) => html`<option value="${one}"!${one === state ? ' selected' : ''}>${one}</option>`)
  return html`<form method="get" action="#nodes" role="search" aria-label="Nodes">!${hiddenAt(past)}
<label>Name or attribute<input type="search" name="q" value="${visibleText(q)}" placeholder="node-7 or zone=eu-1a" size="22"></label>
<label>State<select name="state"><option value="">any</option>!${options}</select></label>
<button>Filter</button></form>`
}

/** Nodes that fit into a list to choose from. */
const MAX_CHOICES = 50

function diffHtml(nodes: readonly NodeSummary[], past: string | null): string {
  const odd = nodes[0]?.name ?? ''
  const well = nodes.findLast(({ state }) => state === 'ok')?.name ?? nodes.at(-1)?.name ?? ''
  return html`<form method="get" action="report/diff" aria-label="Compare two nodes">!${hiddenAt(past)}
!${choiceHtml('a', 'Lay side by side', odd, nodes)}!${choiceHtml('b', 'and', well, nodes)}<button>Compare</button></form>`
}

function choiceHtml(name: string, label: string, chosen: string, nodes: readonly NodeSummary[]): string {
  if (nodes.length > MAX_CHOICES)
    return html`<label>${label}<input name="${name}" value="${chosen}" required size="18"></label>`
  const options = nodes.map((node) => html`<option!${node.name === chosen ? ' selected' : ''}>${node.name}</option>`)
  return html`<label>${label}<select name="${name}">!${options}</select></label>`
}

const MAX_NAMES = 6

/** What of all nodes is below, and which odd ones are not: a filter or a page hides none of them silently. */
function saidHtml(selection: NodeSelection, total: number, { q, state }: NodeQuery, links: Links): string {
  const { matching, oddElsewhere } = selection
  const isFiltered = q !== '' || state !== null
  const filtered = isFiltered
    ? html`<strong>${matching} of ${countText(total, 'node')}</strong> fit. <a href="${links.report()}#nodes">Show all</a>. `
    : ''
  const names = oddElsewhere.slice(0, MAX_NAMES).join(', ')
  const more = oddElsewhere.length > MAX_NAMES ? ` and ${oddElsewhere.length - MAX_NAMES} more` : ''
  const others =
    oddElsewhere.length === 0
      ? ''
      : html`<strong>${countText(oddElsewhere.length, 'odd node')} not below:</strong> ${names}${more}.`
  return filtered === '' && others === '' ? '' : html`<p class="about">!${filtered}!${others}</p>`
}

function pagesHtml({ page, pages, shown }: NodeSelection, query: NodeQuery, links: Links): string {
  if (pages === 1) return ''
  const to = (target: number) =>
    html`<a href="${links.report({ ...parametersOf(query), page: String(target) })}#nodes">`
  const parts = [
    page > 1 ? html`<li>!${to(1)}First</a></li><li>!${to(page - 1)}Previous</a></li>` : '',
    html`<li>Page ${page} of ${pages}, ${countText(shown.length, 'node')} of it</li>`,
    page < pages ? html`<li>!${to(page + 1)}Next</a></li><li>!${to(pages)}Last</a></li>` : '',
  ]
  return html`<nav aria-label="Pages of nodes"><ul class="pages">!${parts}</ul></nav>`
}

/** Only what differs from what is shown without being asked. */
function parametersOf({ q, state, fold }: NodeQuery): Record<string, string> {
  return {
    ...(q === everyNode.q ? {} : { q }),
    ...(state === null ? {} : { state: state satisfies State }),
    ...(fold ? {} : { fold: 'no' }),
  }
}
