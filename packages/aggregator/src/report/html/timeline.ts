import type { TimelineEntry } from '@oddnode/protocol'
import { html } from 'ghtml'
import { spanText } from '../format.ts'
import type { Links } from './links.ts'
import { linearScale, percent, type Scale } from './strip.ts'
import { timeHtml } from './time.ts'

/** Rows at most: the latest. */
const MAX_ENTRIES = 40
const HOUR = 3600
const DAY = 24 * HOUR
/** The drawing is at least as long as this, so that a finding of a minute does not fill it. */
const SHORTEST_SECONDS = HOUR

export type TimelineView = {
  /** RFC 3339: what is open has lasted until then. */
  at: string
  links: Links
  /** Whether moments of the past can be asked for. */
  keepsPast: boolean
}

/** Every finding of the last day as a bar on one axis of time, the latest first, and the way to any moment. */
export function timelineHtml(entries: readonly TimelineEntry[], view: TimelineView): string {
  return barsHtml(entries, view) + (view.keepsPast ? momentForm(view) : '')
}

/** To the second: nobody types less, or more. */
const momentForm = ({ at, links }: TimelineView) =>
  html`<form method="get" action="${links.file('report')}" aria-label="Another moment" class="moment"><label>As it stood at (UTC, RFC 3339)<input name="at" value="${at.slice(0, 19)}Z" size="22" maxlength="64" autocomplete="off"></label><button>Show</button></form>`

function barsHtml(entries: readonly TimelineEntry[], view: TimelineView): string {
  const { at } = view
  if (entries.length === 0) return html`<p class="quiet">No finding in the last day.</p>`
  const shown = entries.toSorted((a, b) => b.since.localeCompare(a.since)).slice(0, MAX_ENTRIES)
  const end = secondsOf(at)
  const length = lengthOf(shown, end)
  const scale = linearScale(end - length, end)
  const left = entries.length - shown.length
  return html`<div class="scroll"><table class="timeline cards">
<caption>When each finding began and ended, in the last ${spanText(at, instantOf(end + length))}${left > 0 ? `; ${left} older ones are left out` : ''}.</caption>
<thead><tr><th scope="col">Finding</th><th scope="col" class="axis"><span class="hidden-text">On the axis</span>!${axisSvg(end, length, scale)}</th><th scope="col">Since</th><th scope="col">Ended</th></tr></thead>
<tbody>!${shown.map((entry) => rowHtml(entry, scale, view))}</tbody>
</table></div>`
}

const secondsOf = (instant: string) => Date.parse(instant) / 1000
const instantOf = (seconds: number) => new Date(seconds * 1000).toISOString()

function lengthOf(entries: readonly TimelineEntry[], end: number): number {
  const first = Math.min(...entries.map(({ since }) => secondsOf(since)))
  return Math.min(DAY, Math.max(SHORTEST_SECONDS, (end - first) * 1.1))
}

const HEIGHT = 18

function rowHtml(entry: TimelineEntry, scale: Scale, view: TimelineView): string {
  const { id, severity, title, since, ended } = entry
  const { at, links } = view
  const from = scale(secondsOf(since))
  const width = Math.max(0.006, scale(secondsOf(ended ?? at)) - from)
  const lasted = ended === null ? `open for ${spanText(since, at)}` : `lasted ${spanText(since, ended)}`
  const endedHtml =
    ended === null
      ? html`<strong>open</strong> <span class="quiet">for ${spanText(since, at)}</span>`
      : html`!${timeHtml(ended)} <span class="quiet">after ${spanText(since, ended)}</span>`
  return html`<tr data-key="${id}" class="${severity}"><td><span class="badge">${severity}</span> <a href="${links.finding(id)}">${title}</a></td>
<td class="axis"><svg class="strip" role="img" aria-label="${lasted}" height="${HEIGHT}"><line class="scale" x1="0" y1="9" x2="100%" y2="9"/><rect class="span ${ended === null ? 'open' : 'ended'}" x="${percent(from)}" y="3" width="${percent(width)}" height="12" rx="2"/></svg></td>
<td data-label="Since">!${sinceHtml(entry, view)}</td>
<td data-label="Ended">!${endedHtml}</td></tr>`
}

/** A finding is told later than it began: the way leads to when it was last seen. One that is open is on this page. */
function sinceHtml({ since, lastSeen, ended }: TimelineEntry, { links, keepsPast }: TimelineView): string {
  if (ended === null || !keepsPast) return timeHtml(since)
  return html`<a href="${links.moment(lastSeen)}">!${timeHtml(since)}</a>`
}

/** Marks at full hours or minutes, in UTC as all times are. */
function axisSvg(end: number, length: number, scale: Scale): string {
  const step = [600, 900, 1800, HOUR, 3 * HOUR, 6 * HOUR].find((seconds) => length / seconds <= 5) ?? 6 * HOUR
  const marks: number[] = []
  for (let at = Math.ceil((end - length) / step) * step; at <= end; at += step) marks.push(at)
  const lines = marks.map(
    (at) =>
      html`<text x="${percent(scale(at))}" y="11" text-anchor="middle">${instantOf(at).slice(11, 16)}</text><line class="scale" x1="${percent(scale(at))}" y1="14" x2="${percent(scale(at))}" y2="18"/>`,
  )
  return html`<svg class="strip" aria-hidden="true" height="18">!${lines}</svg>`
}
