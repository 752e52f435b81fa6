// The page that follows the report: what changed is exchanged in place, and nothing that the reader did is lost.
import t from 'tap'
import { launch, openPage, whyNoBrowser } from './chromium.ts'
import { faulty, nodeNames, well } from './faulty.ts'
import { startProduct } from './product.ts'

const options = { skip: whyNoBrowser(), timeout: 280_000 }

/** A page of a cluster that is well. */
async function open(t: { teardown: (act: () => unknown) => void }) {
  const nodes = nodeNames(6)
  const product = await startProduct()
  t.teardown(() => product.close())
  product.discover(well(nodes))
  product.round(well(nodes), 6)
  const { page, troubles } = await openPage(await launch(t), product.address, {
    viewport: { width: 800, height: 600 },
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  await page.goto(`${product.address}/report`)
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
