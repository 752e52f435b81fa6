import t from 'tap'
import { matrixHtml } from '../../../src/report/html/matrix.ts'
import { HOSTILE, links, unescaped } from '../sample-moment.ts'
import { agentOf, failing, nodeOf, probeOf, sampleReport } from '../sample-report.ts'

const { nodes } = sampleReport()

t.test('every cell has glyph and text', async (t) => {
  const text = matrixHtml(nodes, [], links)
  t.match(text, /class="failing"[^>]*>.*✕<\/span> timeout 0\/5/)
  t.match(text, /class="ok"[^>]*>.*✓<\/span> 0.4 ms/)
  t.match(text, 'scope="colgroup" colspan="1">node-local')
  t.match(text, '169.254.20.10</span><span class="attributes">from Kubernetes</span>')
  t.match(text, /scope="rowgroup" rowspan="1" class="node failing".*href="report\/nodes\/node-2"/)
})

t.test('a silent agent keeps its row; what is no news of probes is said beside the name', async (t) => {
  const clock = { ...nodeOf('c', []).clock, state: 'failing' as const }
  const text = matrixHtml(
    [
      nodeOf('node-3', [agentOf([], { status: 'silent', state: 'no-data' })]),
      nodeOf('node-4', [agentOf([], { status: 'expected', state: 'no-data' })]),
      nodeOf('node-5', [agentOf([probeOf()])], { ready: false, clock }),
      nodeOf('node-6', []),
    ],
    [],
    links,
  )
  t.match(text, 'pod <strong>silent</strong>')
  t.match(text, 'never heard of')
  t.match(text, 'not ready, clock failing')
  t.match(text, 'no agent is expected here')
  t.match(text, 'class="not-planned"')
})

t.test('many CoreDNS pods share a column, and a cell says which one it is about', async (t) => {
  const endpoint = (i: number) => ({ role: 'endpoint', address: `10.0.0.${i}`, learnedFrom: 'kubernetes' }) as const
  const probes = Array.from({ length: 9 }, (_, i) => probeOf({ target: endpoint(i), ...(i === 4 ? failing : {}) }))
  const text = matrixHtml([nodeOf('a', [agentOf(probes)])], [], links)
  t.match(text, 'endpoint<span class="address">each asks some')
  t.match(text, '10.0.0.4 kubernetes')
})

t.test('nodes that are alike are one row, with a way to all of them', async (t) => {
  const folded = [
    { state: 'ok', count: 4998, first: 'a', last: 'z' },
    { state: 'no-data', count: 1, first: 'b', last: 'b' },
  ] as const
  const text = matrixHtml(nodes, folded, links)
  t.match(unescaped(text), /4998 nodes[\s\S]*a … z\. <a href="report\?state=ok&fold=no#nodes">Show them/)
  t.match(text, /1 node<\/th>\s*<td[^>]*>not heard of yet: b\..*Show it/)
  t.notMatch(matrixHtml(nodes, folded, null), '<a ', 'in a file that links nowhere')
})

t.test('names are text', async (t) => {
  t.notMatch(matrixHtml([nodeOf(HOSTILE, [agentOf([probeOf()])])], [], links), /<script|"'>/)
})

t.test('what does not fit on paper is folded there', async (t) => {
  const wide = (count: number) => {
    const targets = Array.from({ length: count }, (_, i) => ({ ...probeOf().target, address: `192.0.2.${i}` }))
    return matrixHtml([nodeOf('a', [agentOf(targets.map((target) => probeOf({ target })))])], [], links)
  }
  t.match(wide(9), 'class="matrix cards wide"')
  t.match(wide(8), 'class="matrix cards"')
})
