import { accessSync, constants, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** Why no browser can be run here; false where one can. */
export const whyNoBrowser = (): string | false => (chromiumHere() === undefined ? 'no Chromium on this machine' : false)

/** Chromium as the machine has it. */
function chromiumHere(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

type Test = { teardown: (act: () => unknown) => void }

/** A browser for one test. Root has no sandbox to enter. */
export async function launch(t: Test): Promise<Browser> {
  const executablePath = chromiumHere() ?? 'chromium'
  const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
  t.teardown(() => browser.close())
  return browser
}

export type Watched = {
  page: Page
  /** What went wrong while the page was looked at: errors on the console, violations of the policy, requests elsewhere, dialogs. */
  troubles: string[]
}

/** A page of a browser profile of its own, watched. @param home the only host that it may ask */
export async function openPage(browser: Browser, home: string, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ timezoneId: 'Asia/Tokyo', locale: 'en-GB', ...options })
  const page = await context.newPage()
  const troubles: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => troubles.push(`thrown: ${error.message}`))
  page.on('dialog', (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(home) && !url.startsWith('data:') && !url.startsWith('file:')) troubles.push(`request: ${url}`)
  })
  return { page, troubles }
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Rules of WCAG 2.2 A and AA and of good practice that the page breaks, one line each (https://github.com/dequelabs/axe-core). */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate<string[]>(
    `axe.run(document).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => id + ': ' + node.html.slice(0, 200))))`,
  )
}

/** Pixels by which the page is wider than its window. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
