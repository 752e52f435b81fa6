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
  const text = findingHtml(findingOf({ evidence: [], confirm: [], remedy: '', references: [], scope }), view)
  t.notMatch(text, /<table|Confirm|Remedy|Only these have|Explains/)
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
  t.match(where({ scope: { kind: 'group', nodes, shared: {}, subject: null } }), /n7<\/a> and 4 more/)
  t.match(where({ scope: { kind: 'cluster', nodes, shared: {}, subject: null } }), 'the whole cluster')
})

t.test('as a page of its own, and in a file that links to no other page', async (t) => {
  t.match(findingHtml(findingOf(), { ...view, heading: 1 }), '<h1 id="title-b3f1b3f1b3f1b3f1">node-2: timeout')
  t.notMatch(findingHtml(findingOf(), { at: AT, links: null }), 'href="report')
})
