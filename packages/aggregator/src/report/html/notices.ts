import type { Notice } from '@oddnode/protocol'
import { html } from 'ghtml'
import { commandHtml } from './command.ts'

/** What is the matter with the data itself, before all else on a page. */
export const noticesHtml = (notices: readonly Notice[]): string => notices.map(noticeHtml).join('')

const noticeHtml = ({ title, text, commands }: Notice): string =>
  html`<div class="notice" role="note" data-key="${title}"><p><strong>${title}.</strong> ${text}</p>!${commands.map(commandHtml)}</div>`
