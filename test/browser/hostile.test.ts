// What agents and the cluster may say to harm a reader is shown as text on every page.
import { observationOf } from '@oddnode/protocol'
import type { Page } from 'playwright-core'
import t from 'tap'
import { launch, openPage, overflowOf, whyNoBrowser } from './chromium.ts'
import { type Product, type Simulation, startProduct } from './product.ts'

const options = { skip: whyNoBrowser(), timeout: 280_000 }

const MARKUP = `"'><script>alert(1)</script><img src=x onerror=alert(2)>`
const nodes = ['node-1', 'node-3', MARKUP, 'evil\u202egnirts\u0000\u001b[31m', 'a/b?c#d%', 'x'.repeat(65_536)]

const hostile: Simulation = {
  nodes,
  see: (node, vantage, _probe, role) =>
    node === MARKUP && vantage === 'pod' && role === 'node-local'
      ? { ...observationOf('refused'), error: MARKUP.repeat(20) }
      : null,
  cluster: (cluster) => ({
    ...cluster,
    nodes: cluster.nodes.map((node) => ({ ...node, attributes: { ...node.attributes, [MARKUP]: MARKUP } })),
    checks: [{ id: MARKUP.slice(0, 64), passed: false, detail: MARKUP }],
    hidden: [MARKUP],
  }),
}

async function pagesOf({ address }: Product): Promise<string[]> {
  const answer = await fetch(`${address}/report.json`)
  const { findings, nodes } = (await answer.json()) as { findings: { id: string }[]; nodes: { name: string }[] }
  const names = nodes.map(({ name }) => encodeURIComponent(name))
  return [
    '/report',
    `/report?q=${encodeURIComponent(MARKUP)}`,
    ...findings.map(({ id }) => `/report/findings/${id}`),
    ...names.map((name) => `/report/nodes/${name}`),
    ...names.map((name) => `/report/diff?a=${name}&b=node-1`),
    `/report/nodes/${encodeURIComponent(`no ${MARKUP}`)}`,
    `/report?at=${encodeURIComponent(MARKUP)}`,
  ]
}

t.test('hostile texts stay texts, and leave room for what is beside them', options, async (t) => {
  const product = await startProduct()
  t.teardown(() => product.close())
  product.discover(hostile)
  product.round({ nodes }, 6)
  product.round(hostile, 6)
  const browser = await launch(t)
  for (const width of [360, 1280]) {
    const { page, troubles } = await openPage(browser, product.address, { viewport: { width, height: 800 } })
    for (const path of await pagesOf(product)) {
      await page.goto(product.address + path)
      const name = `${path.slice(0, 120)} at ${width} px`
      t.equal(await page.locator('script').count(), 1, `${name}: one script, ours`)
      t.equal(await page.locator('img').count(), 0, name)
      t.equal(await overflowOf(page), 0, `${name}: the page itself does not scroll sideways`)
      t.notMatch(await page.innerText('body'), /[^\P{C}\n\t]/u, `${name}: nothing that deceives the eye`)
      if (width === 1280) t.strictSame(await squeezed(page), [], `${name}: no column of letters`)
    }
    // Chromium itself says that a document was refused or not found.
    t.strictSame(
      troubles.filter((line) => !/status of 40[04]/.test(line)),
      [],
    )
    await page.context().close()
  }
})

/** What was asked, of rows of evidence that leave it less than five letters in a line. */
const squeezed = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(
    `[...document.querySelectorAll('.evidence td.asked')].filter((cell) => cell.offsetParent !== null && cell.clientWidth < 60).map((cell) => cell.textContent)`,
  )
