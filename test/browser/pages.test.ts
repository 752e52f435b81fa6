// Every page of the running aggregator in a real browser: with and without JavaScript, wide and narrow, light, dark and printed.
import { writeFileSync } from 'node:fs'
import t from 'tap'
import { axeViolations, launch, openPage, overflowOf, whyNoBrowser } from './chromium.ts'
import { faulty, nodeNames, well } from './faulty.ts'
import { type Product, startProduct } from './product.ts'

const options = { skip: whyNoBrowser(), timeout: 280_000 }

type Test = { teardown: (act: () => unknown) => void }

async function start(t: Test, flags: readonly string[] = [], startedAt = 0): Promise<Product> {
  const product = await startProduct(flags, startedAt)
  t.teardown(() => product.close())
  return product
}

/** A product with two findings, one of them over. */
async function startFaulty(t: Test, nodes = nodeNames(5)): Promise<Product> {
  const product = await start(t)
  product.discover(well(nodes))
  product.round(well(nodes), 6)
  product.round(faulty(nodes, nodes.slice(2, 3)), 6)
  product.round(faulty(nodes, nodes.slice(1, 2)), 12)
  return product
}

type Findings = { findings: { id: string; lastSeen: string; ended: string | null }[] }

const findingsOf = async ({ address }: Product): Promise<Findings['findings']> => {
  const answer = await fetch(`${address}/report.json`)
  const { findings } = (await answer.json()) as Findings
  return findings
}

async function pagesOf(product: Product): Promise<string[]> {
  const findings = await findingsOf(product)
  const open = findings.find(({ ended }) => ended === null)
  const ended = findings.find((finding) => finding.ended !== null)
  if (!open || !ended) throw new Error('one finding should be open and one ended')
  return [
    '/report',
    '/report?q=node-1',
    '/report?q=nobody',
    '/report?fold=no&state=ok',
    '/report/nodes/node-2',
    '/report/nodes/node-1',
    `/report/findings/${open.id}`,
    `/report/findings/${ended.id}`,
    '/report/diff?a=node-2&b=node-1',
    '/report/diff?a=node-1&b=node-1',
  ]
}

const windows = [
  { width: 1280, scheme: 'light', javaScript: true },
  { width: 1280, scheme: 'dark', javaScript: true },
  { width: 640, scheme: 'light', javaScript: true },
  { width: 360, scheme: 'dark', javaScript: true },
  { width: 360, scheme: 'light', javaScript: false },
] as const

t.test('every page in every window: nothing wrong, nothing elsewhere, nothing cut', options, async (t) => {
  const product = await startFaulty(t)
  const pages = await pagesOf(product)
  const browser = await launch(t)
  for (const { width, scheme, javaScript } of windows) {
    const look = { viewport: { width, height: 800 }, colorScheme: scheme, javaScriptEnabled: javaScript }
    const { page, troubles } = await openPage(browser, product.address, look)
    for (const path of pages) {
      const name = `${path} at ${width} px, ${scheme}, JavaScript ${javaScript ? 'on' : 'off'}`
      const answer = await page.goto(product.address + path)
      t.equal(answer?.status(), 200, name)
      // Without JavaScript nothing can be measured in the page; its markup and style are the same.
      if (javaScript) t.equal(await overflowOf(page), 0, `${name}: the page itself does not scroll sideways`)
      if (javaScript && width !== 640) t.strictSame(await axeViolations(page), [], `${name}: axe`)
    }
    t.strictSame(troubles, [], `${width} px, ${scheme}, JavaScript ${javaScript ? 'on' : 'off'}`)
    await page.context().close()
  }
})

t.test('a page that does not exist says what does', options, async (t) => {
  const product = await startFaulty(t)
  const { page, troubles } = await openPage(await launch(t), product.address)
  const answer = await page.goto(`${product.address}/report/nodes/node-22`)
  t.equal(answer?.status(), 404)
  t.match(await page.innerText('main'), /node-22[\s\S]*Did you mean node-2\?/)
  t.strictSame(await axeViolations(page), [])
  // Chromium itself says that the document was not found.
  t.strictSame(
    troubles.filter((line) => !line.includes('404')),
    [],
  )
})

t.test('every moment of a cluster has words for what happens', options, async (t) => {
  const nodes = nodeNames(3)
  const product = await start(t)
  const { page, troubles } = await openPage(await launch(t), product.address, { viewport: { width: 360, height: 800 } })
  const read = async () => {
    await page.goto(`${product.address}/report`)
    t.strictSame(await axeViolations(page), [])
    t.equal(await overflowOf(page), 0)
    return page.innerText('main')
  }
  t.match(await read(), /Just started[\s\S]*No agent is known/)
  product.wait(120)
  t.match(await read(), /No agent reports[\s\S]*kubectl get pods/)
  product.discover(well(nodes))
  product.wait(10)
  t.match(await read(), /6 agents expected, none heard/)
  product.round(well(nodes))
  t.match(await read(), /First minute/)
  product.round(well(nodes), 6)
  t.match(await read(), /No finding: 3 of 3 nodes/)
  product.wait(45)
  t.match(await read(), /Not fresh[\s\S]*more than two rounds/)
  t.strictSame(troubles, [])
})

t.test('a restart says that it was one, what follows is from when, and how long to wait', options, async (t) => {
  const flags = [`--dataFile=${t.testdir()}/oddnode.db`]
  const nodes = nodeNames(3)
  const before = await startProduct(flags)
  before.discover(well(nodes))
  before.round(well(nodes), 6)
  before.round(faulty(nodes), 8)
  await before.close()
  const product = await start(t, flags, 300)
  product.wait(2)
  const { page, troubles } = await openPage(await launch(t), product.address, { viewport: { width: 360, height: 800 } })
  await page.goto(`${product.address}/report`)
  const text = await page.innerText('main')
  t.match(
    text,
    /Just restarted[\s\S]*no agent has pushed to it yet\. Each does within a round of 15 s[\s\S]*from 2026-/,
  )
  t.match(text, /node-local DNS[\s\S]*It is as remembered/, 'what was open is open')
  t.strictSame(await axeViolations(page), [])
  t.equal(await overflowOf(page), 0)
  product.discover(well(nodes))
  product.round(well(nodes), 12)
  await page.goto(`${product.address}/report`)
  t.match(await page.innerText('main'), /^No finding|No finding: 3 of 3 nodes/m)
  t.strictSame(troubles, [])
})

t.test('a data file that cannot be read: the report goes on, and says what to do', options, async (t) => {
  const file = `${t.testdir()}/oddnode.db`
  writeFileSync(file, 'this is no database at all '.repeat(1000))
  const nodes = nodeNames(3)
  const product = await start(t, [`--dataFile=${file}`])
  product.discover(well(nodes))
  product.round(well(nodes), 6)
  product.round(faulty(nodes), 6)
  const { page, troubles } = await openPage(await launch(t), product.address, { viewport: { width: 360, height: 800 } })
  await page.goto(`${product.address}/report`)
  t.match(await page.innerText('main'), /Not remembered[\s\S]*oddnode\.db[\s\S]*move it away[\s\S]*2 of 3 nodes differ/)
  t.strictSame(await axeViolations(page), [])
  t.equal(await overflowOf(page), 0)
  t.strictSame(troubles, [])
  const past = await page.goto(`${product.address}/report?at=2026-11-21T09:00:30Z`)
  t.equal(past?.status(), 503)
  t.match(await page.innerText('main'), /The history cannot be read[\s\S]*move it away/)
  t.strictSame(await axeViolations(page), [])
})

t.test('many findings: the first are told, the others open when a reader wants them', options, async (t) => {
  const nodes = nodeNames(40)
  const product = await start(t)
  product.discover(well(nodes))
  product.round(well(nodes), 6)
  const offset = (node: string) => (Number(node.slice(5)) % 8 === 0 ? 10 * Number(node.slice(5)) : 0)
  product.round({ ...faulty(nodes), offset }, 8)
  const { page, troubles } = await openPage(await launch(t), product.address, { viewport: { width: 360, height: 800 } })
  await page.goto(`${product.address}/report`)
  t.match(await page.innerText('h1'), /^6 of 40 nodes differ: .*Also: /)
  t.match(await page.innerText('.glance'), /clock is [\s\S]*and 4 more of this fault/)
  t.equal(await page.locator('.finding:visible').count(), 3)
  const folded = page.locator('details.folded').first()
  await folded.locator('summary').click()
  t.match(await folded.innerText(), /Since[\s\S]*Where[\s\S]*Remedy/i)
  t.strictSame(await axeViolations(page), [])
  t.equal(await overflowOf(page), 0)
  t.strictSame(troubles, [])
})

t.test('thousands of nodes: odd ones first, the others one row, and the page is small', options, async (t) => {
  const nodes = nodeNames(1000)
  const product = await start(t)
  product.discover(well(nodes))
  product.round(well(nodes), 2)
  product.round(faulty(nodes), 5)
  const { page } = await openPage(await launch(t), product.address)
  const answer = await page.goto(`${product.address}/report`)
  t.ok(Number((await answer?.body())?.length) < 200_000)
  t.match(await page.innerText('#nodes'), /node-2\b[\s\S]*timeout 0\/5[\s\S]*998 nodes/)
  t.match(await page.innerText('#clocks'), /node-1000[\s\S]*more nodes/)
  await page.getByRole('link', { name: 'Show them' }).click()
  t.match(await page.innerText('#nodes'), /2 odd nodes not below:[\s\S]*Page 1 of 20/)
  await page.getByRole('searchbox').fill('node-77')
  await page.getByRole('button', { name: 'Filter' }).click()
  t.match(await page.innerText('#nodes'), /11 of 1000 nodes/)
})

t.test('on paper nothing is cut and nothing is a control', options, async (t) => {
  const product = await startFaulty(t)
  const { page } = await openPage(await launch(t), product.address, { viewport: { width: 794, height: 1123 } })
  await page.emulateMedia({ media: 'print' })
  await page.goto(`${product.address}/report`)
  t.equal(await page.locator('form:visible, button:visible, nav:visible').count(), 0)
  t.equal(await overflowOf(page), 0)
  const cut = await page.evaluate<string[]>(
    `[...document.querySelectorAll('.scroll')].filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.className)`,
  )
  t.strictSame(cut, [], 'no box hides a part of a table')
})

t.test('an incident is one file that asks nobody', options, async (t) => {
  const product = await startFaulty(t)
  const [finding] = await findingsOf(product)
  const file = await fetch(`${product.address}/report/findings/${finding?.id}/incident.html`)
  t.match(file.headers.get('content-disposition'), 'attachment')
  const path = `${t.testdir()}/incident.html`
  writeFileSync(path, await file.text())
  const { page, troubles } = await openPage(await launch(t), 'file:', { viewport: { width: 360, height: 800 } })
  await page.goto(`file://${path}`)
  t.strictSame(await axeViolations(page), [])
  t.equal(await overflowOf(page), 0)
  t.equal(await page.evaluate<string>('getComputedStyle(document.querySelector(".finding")).display'), 'block')
  t.strictSame(troubles, [])
})

t.test('the past is told as it was, and nobody takes it for the present', options, async (t) => {
  const nodes = nodeNames(3)
  const product = await start(t, [`--dataFile=${t.testdir()}/oddnode.db`])
  product.discover(well(nodes))
  product.round(well(nodes), 6)
  product.round(faulty(nodes), 6)
  // What changed is committed together with what changes within the next milliseconds.
  await new Promise((done) => setTimeout(done, 500))
  const [finding] = await findingsOf(product)
  product.round(well(nodes), 12)
  await new Promise((done) => setTimeout(done, 500))
  const { page, troubles } = await openPage(await launch(t), product.address, { viewport: { width: 360, height: 800 } })
  await page.goto(`${product.address}/report`)
  t.match(await page.innerText('h1'), 'No finding')
  await page.goto(`${product.address}/report?at=${finding?.lastSeen}`)
  t.match(await page.innerText('main'), /The past: this is how it stood at 2026-[\s\S]*2 of 3 nodes differ: /)
  t.strictSame(await axeViolations(page), [])
  t.equal(await overflowOf(page), 0)
  await page.locator('#nodes').getByRole('link', { name: 'node-2' }).first().click()
  t.match(await page.innerText('main'), /The past:[\s\S]*node-2[\s\S]*timeout/, 'links stay in the past')
  await page.getByRole('link', { name: 'Back to now' }).click()
  t.match(await page.innerText('h1'), 'No finding')
  t.strictSame(troubles, [])
})
