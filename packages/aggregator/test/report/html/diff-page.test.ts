import type { NodeDiff } from '@oddnode/protocol'
import t from 'tap'
import { diffHtml } from '../../../src/report/html/diff-page.ts'
import { nodeDiffOf } from '../../../src/report/model/node-diff.ts'
import { HOSTILE, momentOf } from '../sample-moment.ts'
import { AT, agentOf, nodeOf, sampleReport } from '../sample-report.ts'

const [a, b] = sampleReport().nodes
if (!a || !b) throw new Error('two nodes are needed')
const diff: NodeDiff = nodeDiffOf(momentOf(), { ...a, attributes: { zone: 'x' } }, { ...b, attributes: { zone: 'y' } })

t.test('two nodes side by side: what they see, are, and their clocks', async (t) => {
  const page = diffHtml(diff, '../')
  t.match(page, '<h1>node-2 beside node-1</h1>')
  t.match(page, '1 difference, 0 alike')
  t.match(page, /data-label="node-2" class="failing">.*timeout 0\/5[\s\S]*data-label="node-1" class="ok">/)
  t.match(page, /zone<\/th><td data-label="node-2">x<\/td><td data-label="node-1">y/)
  t.match(page, 'The clock of node-2 is +0 µs against that of node-1')
  t.match(page, 'No difference in facts.')
})

t.test('alike, not measured, not planned, not known', async (t) => {
  const clock = { ...a.clock, offsetSeconds: null }
  const page = diffHtml(nodeDiffOf(momentOf(), { ...a, clock }, { ...a, clock }), '../')
  t.match(page, 'They see the same.')
  t.match(page, 'not measured')
  const other = nodeOf('bare', [agentOf([])], { ready: false })
  const bare = diffHtml(nodeDiffOf(momentOf(), { ...a, ready: true, attributes: { zone: 'x' } }, other), '../', AT)
  for (const part of ['not in its plan', 'not known', 'not ready', 'The past:']) t.match(bare, part)
})

t.test('names and values are text', async (t) => {
  const hostile = { ...diff, a: { ...diff.a, name: HOSTILE }, facts: [{ name: HOSTILE, a: HOSTILE, b: null }] }
  t.notMatch(diffHtml(hostile, '../'), /<script>|"'>/)
})
