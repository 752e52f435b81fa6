import { median } from '@oddnode/diagnosis'
import { html } from 'ghtml'
import { countText, disagreements, glyphs, offsetText, readingText } from '../format.ts'
import { type Clocks, clocksOf } from '../model/clocks.ts'
import type { Moment, NodeSummary } from '../model/moment.ts'
import { densitySvg } from './density.ts'
import { nodeLinkHtml } from './evidence.ts'
import type { Links } from './links.ts'
import { binsOf, percent, type Scale, symmetricScale } from './strip.ts'
import { timeHtml } from './time.ts'

/** The axis is at least this long to both sides, in seconds: noise of microseconds is not drawn as a difference. */
const SHORTEST_AXIS = 0.005
/** Where the axis turns from linear to decades, in seconds. */
const NEAR = 0.001

/** Every node's offset with its uncertainty, on one axis: odd clocks and the ends by name, the others as a density. */
export function clocksHtml(moment: Pick<Moment, 'nodes' | 'node'>, links: Links): string {
  const clocks = clocksOf(moment.nodes)
  if (clocks.named.length === 0) return html`<p class="quiet">No clock was measured yet.</p>!${unmeasuredHtml(clocks)}`
  const reach = Math.max(SHORTEST_AXIS, clocks.reachSeconds)
  const scale = symmetricScale(reach, NEAR)
  return html`<div class="scroll"><table class="clocks cards">
<caption>How far each clock is from its reference: + is ahead, − is behind. The bar is the uncertainty. The axis is in decades from ${offsetText(-reach)} to ${offsetText(reach)}.</caption>
<thead><tr><th scope="col">Node</th><th scope="col">Offset</th><th scope="col" class="axis"><span class="hidden-text">On the axis</span>!${axisSvg(reach, scale)}</th><th scope="col">Against</th><th scope="col">Measured</th></tr></thead>
<tbody>!${clocks.named.map((node) => rowHtml(node, moment, scale, links))}!${othersHtml(clocks, scale)}</tbody>
</table></div>!${unmeasuredHtml(clocks)}!${disagreementsHtml(clocks, moment)}`
}

function rowHtml({ name, clock }: NodeSummary, { node }: Pick<Moment, 'node'>, scale: Scale, links: Links): string {
  const { state } = clock
  const offset = clock.offsetSeconds ?? 0
  const uncertainty = clock.uncertaintySeconds ?? 0
  const text = readingText(offset, uncertainty)
  const { reference = null, measuredAt = null } = node(name)?.clock ?? {}
  return html`<tr data-key="${name}" class="${state}"><th scope="row"><span class="glyph">${glyphs[state]}</span> !${nodeLinkHtml(name, links)}</th>
<td data-label="Offset" class="number">${text}</td>
<td class="axis">!${readingSvg(offset, uncertainty, scale, `${name}: ${text}`)}</td>
<td data-label="Against" class="reference">${reference ?? '–'}</td>
<td data-label="Measured">!${measuredAt === null ? '–' : timeHtml(measuredAt)}</td></tr>`
}

const HEIGHT = 20
const MIDDLE = HEIGHT / 2

const zeroSvg = (scale: Scale) =>
  html`<line class="scale" x1="0" y1="${MIDDLE}" x2="100%" y2="${MIDDLE}"/><line class="zero" x1="${percent(scale(0))}" y1="0" x2="${percent(scale(0))}" y2="${HEIGHT}"/>`

/** Attributes only: the content security policy allows no style in the page. */
function readingSvg(offset: number, uncertainty: number, scale: Scale, label: string): string {
  const from = scale(offset - uncertainty)
  const width = Math.max(0.004, scale(offset + uncertainty) - from)
  return html`<svg class="strip" role="img" aria-label="${label}" height="${HEIGHT}">!${zeroSvg(scale)}<rect class="range" x="${percent(from)}" y="5" width="${percent(width)}" height="10" rx="3"/><circle class="dot" cx="${percent(scale(offset))}" cy="${MIDDLE}" r="4"/></svg>`
}

const BINS = 80
const DENSITY_HEIGHT = 30

/** All that are not named, as one row. */
function othersHtml({ others, named }: Clocks, scale: Scale): string {
  const [least] = others
  const most = others.at(-1)
  if (least === undefined || most === undefined) return ''
  const range = `${offsetText(least)} to ${offsetText(most)}`
  const middle = offsetText(median(others))
  const label = `${countText(others.length, 'more node')} from ${range}, median ${middle}`
  return html`<tr data-key="others" class="ok"><th scope="row"><span class="glyph">${glyphs.ok}</span> ${countText(others.length, named.length > 0 ? 'more node' : 'node')}</th>
<td data-label="Offset" class="number">${range}</td>
<td class="axis"><svg class="strip" role="img" aria-label="${label}" height="${DENSITY_HEIGHT}">!${densitySvg(binsOf(others, scale, BINS), DENSITY_HEIGHT)}</svg></td>
<td data-label="Median" colspan="2">median ${middle}</td></tr>`
}

/** Decades that are marked to each side. */
const MAX_MARKS = 3

function axisSvg(reach: number, scale: Scale): string {
  const marks = [0, ...decadesOf(reach).flatMap((value) => [-value, value])]
  const lines = marks.map(
    (value) =>
      html`<text x="${percent(scale(value))}" y="11" text-anchor="middle">${value === 0 ? '0' : offsetText(value)}</text><line class="scale" x1="${percent(scale(value))}" y1="14" x2="${percent(scale(value))}" y2="18"/>`,
  )
  return html`<svg class="strip" aria-hidden="true" height="18">!${lines}</svg>`
}

/** Powers of ten from ten milliseconds up, thinned out until they have room. */
function decadesOf(reach: number): number[] {
  const decades: number[] = []
  for (let value = reach < 0.01 ? 0.001 : 0.01; value <= reach * 1.001; value *= 10)
    decades.push(Number(value.toPrecision(1)))
  const step = Math.ceil(decades.length / MAX_MARKS)
  return decades.filter((_, i) => (decades.length - 1 - i) % step === 0)
}

const MAX_NAMES = 6

const unmeasuredHtml = ({ unmeasured, silent, unheard }: Clocks): string =>
  unmeasuredLine('Not measured by any reference', unmeasured) +
  unmeasuredLine('No fresh data, since their agents are silent', silent) +
  unmeasuredLine('Never measured, since their agents were never heard of', unheard)

function unmeasuredLine(why: string, names: readonly string[]): string {
  if (names.length === 0) return ''
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : ''
  return html`<p class="about">${why}: ${names.slice(0, MAX_NAMES).join(', ')}${more}.</p>`
}

/** Two implementations that read a server otherwise are looked for where a clock is named. */
function disagreementsHtml({ named }: Clocks, { node }: Pick<Moment, 'node'>): string {
  const lines = named.flatMap(({ name }) => {
    const whole = node(name)
    return whole === null ? [] : disagreements(whole)
  })
  return lines.map((line) => html`<p class="about">${line}.</p>`).join('')
}
