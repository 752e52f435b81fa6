import type { Role, Transport, Vantage } from '@oddnode/protocol'
import { html } from 'ghtml'
import { countText, durationText } from '../format.ts'
import { type LatencyColumn, latencyScale as scale } from '../model/latency.ts'
import { densitySvg } from './density.ts'
import { nodeLinkHtml } from './evidence.ts'
import type { Links } from './links.ts'
import { percent } from './strip.ts'

/** Marks on the axis that all drawings share, so that they can be compared. */
const marks = [0.0001, 0.001, 0.01, 0.1, 1, 10]

/** How long each target takes to answer, as small multiples: one drawing for each target and transport, a lane for each vantage. */
export function latencyHtml(columns: readonly LatencyColumn[], links: Links): string {
  if (columns.length === 0) return html`<p class="quiet">Nothing was answered yet.</p>`
  const targets = [...Map.groupBy(columns, panelOf).values()]
  return html`<ul class="panels">!${targets.map((lanes) => panelHtml(lanes, links))}</ul>`
}

type Panel = { role: Role; address: string; transport: Transport }
const panelOf = ({ role, address, transport }: Panel) => `${role} ${address} ${transport}`

function panelHtml(lanes: readonly LatencyColumn[], links: Links): string {
  const [first] = lanes
  if (first === undefined) return ''
  const { role, address, transport } = first
  return html`<li class="card" data-key="${panelOf(first)}"><h3>${role} <span class="address">${address || 'all of them'}</span> ${transport}</h3>
!${lanes.map((lane) => laneHtml(lane, links))}<div class="lane"><span></span>!${axisSvg()}</div></li>`
}

const HEIGHT = 26

function laneHtml(lane: LatencyColumn, links: Links): string {
  const { vantage, bins, medianSeconds, odd } = lane
  const dots = odd.map(({ node, medianSeconds: own }) =>
    own === null
      ? ''
      : html`<circle class="dot" cx="${percent(scale(own))}" cy="5" r="4"><title>${node}: ${durationText(own)}</title></circle>`,
  )
  const median =
    medianSeconds === null
      ? ''
      : html`<line class="median" x1="${percent(scale(medianSeconds))}" y1="0" x2="${percent(scale(medianSeconds))}" y2="${HEIGHT}"/>`
  return html`<div class="lane"><span>${vantage}</span><svg class="strip" role="img" aria-label="${labelOf(lane)}" height="${HEIGHT}">
<line class="scale" x1="0" y1="${HEIGHT - 0.5}" x2="100%" y2="${HEIGHT - 0.5}"/>!${densitySvg(bins, HEIGHT)}!${median}<g class="degraded">!${dots}</g></svg></div>
<p class="quiet">!${sayHtml(lane, links)}</p>`
}

const labelOf = (lane: LatencyColumn): string => `${fromOf(lane.vantage)}: ${rangeText(lane)}`
const fromOf = (vantage: Vantage) => `from the ${vantage === 'host' ? 'host' : 'pod network'}`

function rangeText({ nodes, medianSeconds, minSeconds, maxSeconds }: LatencyColumn): string {
  if (medianSeconds === null || minSeconds === null || maxSeconds === null) return 'no answer'
  const [least, most] = [durationText(minSeconds), durationText(maxSeconds)]
  const range = least === most ? '' : `, ${least} to ${most}`
  return `median ${durationText(medianSeconds)}${range}, ${countText(nodes, 'node')}`
}

function sayHtml(lane: LatencyColumn, links: Links): string {
  const named = lane.odd.map(
    ({ node, medianSeconds }) =>
      html`!${nodeLinkHtml(node, links)} ${medianSeconds === null ? 'no answer' : durationText(medianSeconds)}`,
  )
  return html`${lane.vantage}: ${rangeText(lane)}!${named.length === 0 ? '' : html`; odd: !${named.join(', ')}`}`
}

function axisSvg(): string {
  const texts = marks.map(
    (value) => html`<text x="${percent(scale(value))}" y="11" text-anchor="middle">${durationText(value)}</text>`,
  )
  return html`<svg class="strip" aria-hidden="true" height="14">!${texts}</svg>`
}
