import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** What a browser adds to the pages: a file of its own, so that the content security policy allows no script in a page. */
export const script = readFileSync(new URL('./browser/page.js', import.meta.url), 'utf8')

/** The script's name: it changes with its content, so that a browser may keep it for ever. */
export const scriptName = `page-${createHash('sha256').update(script).digest('hex').slice(0, 12)}.js`
