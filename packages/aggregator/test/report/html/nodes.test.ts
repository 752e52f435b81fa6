import t from 'tap'
import { linksFrom } from '../../../src/report/html/links.ts'
import { nodesHtml } from '../../../src/report/html/nodes.ts'
import { everyNode } from '../../../src/report/model/node-selection.ts'
import { HOSTILE, links, momentOf, unescaped } from '../sample-moment.ts'
import { agentOf, nodeOf, probeOf, sampleReport } from '../sample-report.ts'

const view = { query: everyNode, links, past: null }
const fleet = (count: number) =>
  momentOf(
    sampleReport({
      nodes: [
        nodeOf('odd', [agentOf([probeOf()])], { state: 'failing' }),
        ...Array.from({ length: count }, (_, i) => nodeOf(`n${i}`, [agentOf([probeOf()])])),
      ],
    }),
  )

t.test('a form to search, and one to lay two nodes side by side', async (t) => {
  const text = nodesHtml(fleet(3), { ...view, query: { ...everyNode, q: HOSTILE, state: 'failing' } })
  t.match(text, '<option value="failing" selected>')
  t.match(text, '<option selected>odd</option>')
  t.notMatch(text, /<script|"'>/)
  t.match(nodesHtml(fleet(99), view), '<input name="a" value="odd"', 'too many to choose from')
})

t.test('pages keep what was asked for, and name the odd nodes of other pages', async (t) => {
  const text = nodesHtml(fleet(120), { ...view, query: { q: 'n', state: null, fold: false, page: 2 } })
  t.match(text, 'Page 2 of 3')
  t.match(unescaped(text), 'href="report?q=n&fold=no&page=3#nodes">Next')
  t.match(text, '<strong>1 odd node not below:</strong> odd.')
  t.match(text, '<strong>120 of 121 nodes</strong> fit')
})

t.test('nothing known, nothing that fits, one node alone', async (t) => {
  t.match(nodesHtml(momentOf(sampleReport({ nodes: [] })), view), 'No node is known yet.')
  t.match(nodesHtml(fleet(3), { ...view, query: { ...everyNode, q: 'nobody' } }), 'No node fits.')
  t.notMatch(nodesHtml(momentOf(sampleReport({ nodes: [nodeOf('a', [])] })), view), '<form')
})

t.test('the past stays the past in forms', async (t) => {
  const past = '2026-11-21T09:00:00Z'
  const text = nodesHtml(fleet(3), { query: everyNode, links: linksFrom({ base: '', past }), past })
  t.equal(text.split(`<input type="hidden" name="at" value="${past}">`).length - 1, 2)
})

t.test('what was asked for is shown as it is: no sign turns the rest around', async (t) => {
  t.match(nodesHtml(fleet(3), { ...view, query: { ...everyNode, q: 'a\u202eb' } }), 'value="a⟨U+202E⟩b"')
})
