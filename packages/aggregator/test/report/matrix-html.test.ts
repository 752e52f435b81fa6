import t from 'tap'
import { matrixHtml } from '../../src/report/matrix-html.ts'
import { agentOf, nodeOf, sampleReport } from './sample-report.ts'

t.test('every cell has glyph and text', async (t) => {
  const text = matrixHtml(sampleReport())
  t.match(text, /class="failing"[^>]*>.*✕<\/span> timeout 0\/5/)
  t.match(text, /class="ok"[^>]*>.*✓<\/span> 0.4 ms/)
  t.match(text, 'scope="colgroup" colspan="1">node-local')
})

t.test('a silent agent keeps its row, and what is left out is said', async (t) => {
  const report = sampleReport()
  const nodes = [...report.nodes, nodeOf('node-3', [agentOf([], { status: 'silent', state: 'no-data' })])]
  t.match(matrixHtml({ ...report, nodes }), /node-3 <span class="quiet">silent/)
  t.match(matrixHtml({ ...report, nodes }), 'class="not-planned"')
  t.match(
    matrixHtml({ ...report, nodes: report.nodes.slice(0, 1) }),
    '1 more node, none of them worse: see <a href="report.json">',
  )
})
