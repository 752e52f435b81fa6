import t from 'tap'
import { evidenceHtml, nodeLinkHtml } from '../../../src/report/html/evidence.ts'
import { HOSTILE, links } from '../sample-moment.ts'
import { findingOf } from '../sample-report.ts'

const [row] = findingOf().evidence
if (!row) throw new Error('no evidence')

t.test('the odd row, and a healthy one below it', async (t) => {
  const text = evidenceHtml([row], { most: 5, nodes: 1, links })
  t.match(
    text,
    /<tr class="failing">[\s\S]*node-2[\s\S]*timeout[\s\S]*0\/5[\s\S]*<tr class="ok">[\s\S]*node-1[\s\S]*NOERROR[\s\S]*5\/5[\s\S]*0.4 ms/,
  )
  t.match(text, 'href="report/nodes/node-2"')
  t.match(text, '<caption>What differs, beside a healthy node</caption>')
})

t.test('nodes that saw the same share a row', async (t) => {
  const rows = Array.from({ length: 30 }, (_, i) => ({ ...row, node: `n${i}` }))
  const text = evidenceHtml([...rows, { ...row, transport: 'tcp' }], { most: 12, nodes: 1, links })
  t.equal(text.split('<tbody>').length - 1, 2)
  t.match(text, /n0<\/a>, <a [^>]*>n1<\/a>, <a [^>]*>n2<\/a> <span class="quiet">and 27 more/)
  t.match(text, /node-2<\/a><\/th>/)
})

t.test('evidence of some of its nodes says so', async (t) => {
  const rows = ['n0', 'n1', 'n1'].map((node) => ({ ...row, node }))
  t.match(evidenceHtml(rows, { most: 12, nodes: 60, links }), 'beside a healthy node, on 2 of its 60 nodes</caption>')
})

t.test('no more rows than wanted, and their number is said', async (t) => {
  const rows = Array.from({ length: 30 }, (_, i) => ({ ...row, error: `error ${i}` }))
  const text = evidenceHtml(rows, { most: 12, nodes: 1, links })
  t.equal(text.split('<tbody>').length - 1, 12)
  t.match(text, '12 of 30 rows')
})

t.test('without evidence nothing; without a healthy node one row; without links names', async (t) => {
  t.equal(evidenceHtml([], { most: 12, nodes: 1, links }), '')
  const text = evidenceHtml([{ ...row, healthy: null }], { most: 12, nodes: 1, links: null })
  t.equal(text.split('<tr class=').length - 1, 1)
  t.match(text, '<caption>What differs</caption>')
  t.notMatch(text, '<a ')
})

t.test('a name is text', async (t) => {
  t.notMatch(nodeLinkHtml(HOSTILE, links), /<script|"'>/)
  t.notMatch(nodeLinkHtml(HOSTILE, null), /<script/)
})
