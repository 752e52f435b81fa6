// The page that follows the report: what changed is exchanged in place, and nothing that the reader did is lost.
import t from 'tap'
import { launch, openPage, whyNoBrowser } from './chromium.ts'
import { faulty, nodeNames, well } from './faulty.ts'
import { startProduct } from './product.ts'

const options = { skip: whyNoBrowser(), timeout: 280_000 }

/** A page of a cluster that is well. */
async function open(t: { teardown: (act: () => unknown) => void }, path = '/report') {
  const nodes = nodeNames(6)
  const product = await startProduct()
  t.teardown(() => product.close())
  product.discover(well(nodes))
  product.round(well(nodes), 6)
  const { page, troubles } = await openPage(await launch(t), product.address, {
    viewport: { width: 800, height: 600 },
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  await page.goto(product.address + path)
  await page.evaluate('window.notReloaded = true')
  return { nodes, product, page, troubles }
}

t.test('what changed comes in place: focus, scroll, selection and typed text stay', options, async (t) => {
  const { nodes, product, page, troubles } = await open(t)
  t.match(await page.title(), '✓ ok')
  await page.getByRole('searchbox').fill('half a wo')
  await page.evaluate(`document.querySelector('#checks').scrollIntoView()`)
  await page.evaluate(`getSelection().selectAllChildren(document.querySelector('#checks h2'))`)
  const before = await page.evaluate<number>(`document.querySelector('#checks').getBoundingClientRect().top`)
  product.round(faulty(nodes), 6)
  await page.getByRole('heading', { name: '2 findings' }).waitFor({ state: 'attached', timeout: 60_000 })
  t.match(await page.title(), '✕ failing')
  t.equal(await page.evaluate('window.notReloaded'), true)
  t.equal(await page.evaluate('document.activeElement.name'), 'q')
  t.equal(await page.inputValue('[name=q]'), 'half a wo')
  t.equal(await page.evaluate('String(getSelection())'), 'Checked by hand otherwise')
  const after = await page.evaluate<number>(`document.querySelector('#checks').getBoundingClientRect().top`)
  t.ok(Math.abs(after - before) < 2, `what was read stays where it was: ${before}, ${after}`)
  product.round(well(nodes), 12)
  await page.getByText('No finding is open.').waitFor({ state: 'attached', timeout: 60_000 })
  t.strictSame(troubles, [])
})

t.test('no row of a table is lost, even where two have the same key', options, async (t) => {
  const { nodes, product, page, troubles } = await open(t, '/report/nodes/node-2')
  await page.route('**/report/nodes/node-2', async (route) => {
    const response = await route.fetch()
    const body = (await response.text()).replaceAll('data-key="pod aggregator"', 'data-key="host aggregator"')
    await route.fulfill({ response, body })
  })
  await page.reload()
  await page.evaluate('window.notReloaded = true')
  const rows = () =>
    page.evaluate<string[]>(
      `[...document.querySelectorAll('tbody tr')].map((row) => [row.cells[0], row.cells[1]].map((cell) => cell.textContent).join(' ').trim()).sort()`,
    )
  const asOf = () => page.locator('.numbers time').first().getAttribute('datetime')
  const before = await rows()
  t.equal(before.filter((row) => row.startsWith('aggregator ')).length, 2, 'both agents read the clock')
  for (let update = 0; update < 2; update++) {
    const shown = await asOf()
    product.round(well(nodes))
    await page.locator(`.numbers time:not([datetime="${shown}"])`).first().waitFor({ timeout: 60_000 })
    t.strictSame(await rows(), before)
  }
  t.equal(await page.evaluate('window.notReloaded'), true)
  t.strictSame(troubles, [])
})

t.test('an aggregator that cannot be reached is said to be, with the time of what is shown', options, async (t) => {
  const { page } = await open(t)
  await page.route('**/report', (route) => route.abort())
  await page.getByText('The aggregator cannot be reached since.').waitFor({ timeout: 60_000 })
  t.match(await page.innerText('.live'), /As of \d\d:\d\d:\d\d/)
  await page.unroute('**/report')
  await page.locator('.live:empty').waitFor({ state: 'attached', timeout: 60_000 })
})

t.test('an aggregator that answers otherwise is quoted', options, async (t) => {
  const { page } = await open(t)
  await page.route('**/report', (route) => route.fulfill({ status: 503, body: '' }))
  await page.getByText('The aggregator answers 503').waitFor({ timeout: 60_000 })
})

t.test('a page that nobody looks at asks nothing', options, async (t) => {
  const { page } = await open(t)
  let asked = 0
  page.on('request', () => asked++)
  await page.evaluate(`Object.defineProperty(document, 'hidden', { value: true })`)
  await page.waitForTimeout(11_000)
  t.equal(asked, 0)
})

t.test('commands copy whole, and times are the reader’s as well', options, async (t) => {
  const { nodes, product, page } = await open(t)
  product.round(faulty(nodes), 6)
  await page.reload()
  await page.getByRole('button', { name: 'Copy' }).first().click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  const copied = await page.evaluate<string>('navigator.clipboard.readText()')
  t.equal(copied, await page.locator('.command code').first().innerText())
  t.match(
    await page.locator('.numbers time').first().innerText(),
    /^2026-11-21 09:\d\d:\d\d UTC \(18:\d\d:\d\d here\)$/,
  )
})
