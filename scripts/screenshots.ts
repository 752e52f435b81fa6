// Makes the pictures of the documentation: the pages of a real aggregator, with simulated agents whose cluster has the faults of two
// stories. Needs Chromium. `node --conditions=@oddnode/source scripts/screenshots.ts [FOLDER]`
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { launch } from '../test/browser/chromium.ts'
import { faulty, nodeNames, well } from '../test/browser/faulty.ts'
import { type Product, startProduct } from '../test/browser/product.ts'

const images = resolve(process.argv[2] ?? 'docs/images')
mkdirSync(images, { recursive: true })

const ends: (() => unknown)[] = []
try {
  const browser = await launch({ teardown: (end) => ends.push(end) })
  const small = await productOf(5)
  ends.push(small.close)
  const wide: BrowserContextOptions = { viewport: { width: 1280, height: 1500 } }
  await shoot(browser, small, '/report', 'report.png', wide)
  await shoot(browser, small, '/report', 'report-dark.png', { ...wide, colorScheme: 'dark' })
  await shoot(browser, small, '/report', 'report-narrow.png', { viewport: { width: 360, height: 1500 } })
  await shoot(browser, small, '/report/diff?a=node-2&b=node-1', 'diff.png', { viewport: { width: 1280, height: 1000 } })
  await shoot(browser, small, '/report', 'report-print.png', { viewport: { width: 794, height: 1123 } }, 'print')
  const large = await productOf(5000)
  ends.push(large.close)
  await shoot(browser, large, '/report', 'report-5000-nodes.png', { viewport: { width: 1280, height: 3300 } })
} finally {
  for (const end of ends) await end()
}

async function productOf(count: number): Promise<Product> {
  const nodes = nodeNames(count)
  const product = await startProduct()
  product.discover(well(nodes))
  product.round(well(nodes), 2)
  product.round(faulty(nodes, nodes.slice(1, 1 + Math.ceil(count / 100))), 5)
  return product
}

async function shoot(
  browser: Browser,
  { address }: Product,
  path: string,
  name: string,
  look: BrowserContextOptions,
  media: 'screen' | 'print' = 'screen',
): Promise<void> {
  const context = await browser.newContext(look)
  const page = await context.newPage()
  await page.emulateMedia({ media })
  await page.goto(address + path)
  await page.screenshot({ path: join(images, name) })
  await context.close()
}
