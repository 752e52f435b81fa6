import { html } from 'ghtml'
import { percent } from './strip.ts'

/** Bars of what falls into each piece of a drawing. By their root, so that one node beside thousands is still seen. */
export function densitySvg(counts: readonly number[], height: number): string {
  const most = Math.max(1, ...counts)
  const bars = counts.map((count, bin) => {
    if (count === 0) return ''
    const tall = Math.max(2, Math.round(height * Math.sqrt(count / most)))
    return html`<rect class="bin" x="${percent(bin / counts.length)}" y="${height - tall}" width="${percent(1 / counts.length)}" height="${tall}"/>`
  })
  return bars.join('')
}
