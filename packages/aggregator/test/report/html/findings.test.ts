import t from 'tap'
import { findingHtml } from '../../../src/report/html/findings.ts'
import { links } from '../sample-moment.ts'
import { AT, findingOf } from '../sample-report.ts'

const view = { at: AT, links }

t.test('what a person on call needs', async (t) => {
  const text = findingHtml(findingOf(), view)
  for (const part of [
    'critical',
    'node-2: timeout',
    'Pods of node-2',
    'for 9 min',
    'certain',
    'zone zone-1',
    'Likely cause</h4><p>The host routes past it.',
    'dig @169.254.20.10',
    'Restart it.',
    'https://example.com/1',
    'docs/faults/unexplained-difference.md',
    'href="report/findings/b3f1b3f1b3f1b3f1"',
    'href="report/nodes/node-2"',
  ]) {
    t.match(text, part)
  }
})

t.test('what is not there leaves no empty heading', async (t) => {
  const scope = { kind: 'node', nodes: ['a'], shared: {}, subject: null } satisfies ReturnType<
    typeof findingOf
  >['scope']
  const text = findingHtml(findingOf({ evidence: [], cause: '', confirm: [], remedy: '', references: [], scope }), view)
  t.notMatch(text, /<table|Likely cause|Confirm|Remedy|Only these have|Explains/)
})

t.test('flapping, covering, ended', async (t) => {
  const ended = '2026-11-21T09:25:00.000Z'
  const text = findingHtml(findingOf({ reopened: 2, covers: ['tcp-53-blocked: no TCP'], ended }), view)
  t.match(text, 'lasted 5 min, came back 2 times')
  t.match(text, 'tcp-53-blocked: no TCP')
  t.match(text, /Ended<\/dt><dd><time datetime="2026-11-21T09:25:00.000Z">/)
})

t.test('where: the subject, few nodes by name, many counted, all at once', async (t) => {
  const where = (scope: Parameters<typeof findingOf>[0] & object) => findingHtml(findingOf(scope), view)
  const subject = { role: 'endpoint', address: '10.244.1.7', pod: null, node: null } as const
  const nodes = Array.from({ length: 12 }, (_, i) => `n${i}`)
  t.match(
    where({ scope: { kind: 'endpoint', nodes: ['a'], shared: {}, subject } }),
    'endpoint 10.244.1.7, seen from <a ',
  )
  const group = { scope: { kind: 'group' as const, nodes: nodes.toReversed(), shared: {}, subject: null } }
  t.match(where(group), /n0<\/a>, [\s\S]*n7<\/a> <a href="report\/findings\/b3f1b3f1b3f1b3f1">and 4 more<\/a>/)
  t.notMatch(where(group), 'n8')
  for (const ways of [links, null]) {
    const page = findingHtml(findingOf(group), { at: AT, links: ways, heading: 1 })
    t.match(page, /<details class="names"><summary>and 4 more<\/summary>/, 'its own page and file name all')
    for (const name of nodes) t.match(page, new RegExp(`\\b${name}\\b`))
  }
  t.match(where({ scope: { kind: 'cluster', nodes, shared: {}, subject: null } }), 'the whole cluster')
})

t.test('folded: the title, and all of it behind', async (t) => {
  const text = findingHtml(findingOf(), { ...view, folded: true })
  t.match(
    text,
    /^<details class="folded critical" id="finding-b3f1b3f1b3f1b3f1"><summary>[\s\S]*node-2: timeout[\s\S]*for 9 min/,
  )
  t.match(text, '<article class="finding critical" aria-labelledby=')
  t.match(text, 'dig @169.254.20.10')
})

t.test('as a page of its own, and in a file that links to no other page', async (t) => {
  t.match(findingHtml(findingOf(), { ...view, heading: 1 }), '<h1 id="title-b3f1b3f1b3f1b3f1">node-2: timeout')
  t.notMatch(findingHtml(findingOf(), { at: AT, links: null }), 'href="report')
})

t.test('how sure: of what, where no fault explains it', async (t) => {
  t.match(findingHtml(findingOf(), view), 'certain <span class="quiet">(that it differs; the cause is not known)')
  t.match(findingHtml(findingOf({ fault: 'tcp-53-blocked' }), view), '(the whole signature holds)')
})
