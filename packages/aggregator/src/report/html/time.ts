import { html } from 'ghtml'
import { timeText } from '../format.ts'

/** An instant for people and for machines. */
export const timeHtml = (instant: string) => html`<time datetime="${instant}">${timeText(instant)}</time>`
