import { commandOf } from '@oddnode/protocol'
import { html } from 'ghtml'

/** A command in a box of its own, so that all of it and nothing else is copied. */
export function commandHtml(line: string): string {
  const { place, text } = commandOf(line)
  const where = place === null ? '' : html`<p class="place">${place}</p>`
  return html`<div class="command">!${where}<pre><code>${text}</code></pre></div>`
}
