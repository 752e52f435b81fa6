import t from 'tap'
import { reportHtml } from '../../src/report/html.ts'
import { agentOf, findingOf, nodeOf, probeOf, sampleReport } from './sample-report.ts'

/** What breaks out of text, of a quoted attribute and of a comment. */
const HOSTILE = `"'><script>alert(1)</script><!-- \${7*7} =`

t.test('the page has, in this order, verdict, findings, matrix, clocks and what ended', async (t) => {
  const page = reportHtml(sampleReport(), 'report/style.css')
  const places = ['<h1>', 'id="findings"', 'id="matrix"', 'id="clocks"', 'id="not-looked-at"', 'id="ended"'].map(
    (mark) => page.indexOf(mark),
  )
  t.strictSame(
    places,
    places.toSorted((a, b) => a - b),
  )
  t.ok(places.every((place) => place > 0))
  t.match(page, '1 of 2 nodes differs: node-2.')
  t.match(page, '2/2</strong> agents reporting')
  t.match(page, '1 finding')
  t.match(page, 'node-1 was silent')
})

t.test('no script, no inline style, no other host', async (t) => {
  const page = reportHtml(sampleReport(), 'report/style.css')
  t.notMatch(page, /<script|\sstyle=|<style|\son[a-z]+=|<img|<iframe/i)
  const addresses = [...page.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, address]) => address)
  t.strictSame(
    addresses.filter((address) => /^(https?:)?\/\//.test(address ?? '')),
    ['https://example.com/1'],
    'only the references',
  )
})

t.test('every text from outside is escaped', async (t) => {
  const hostile = sampleReport({
    cluster: HOSTILE,
    version: HOSTILE,
    storage: HOSTILE,
    findings: [
      findingOf({
        title: HOSTILE,
        story: HOSTILE,
        remedy: HOSTILE,
        confirm: [HOSTILE],
        references: [HOSTILE],
        covers: [HOSTILE],
        scope: {
          kind: 'node',
          nodes: [HOSTILE],
          shared: { [HOSTILE]: HOSTILE },
          subject: { role: 'endpoint', address: HOSTILE, pod: HOSTILE, node: HOSTILE },
        },
      }),
      findingOf({ title: HOSTILE, ended: '2026-11-21T09:25:00.000Z' }),
    ],
    nodes: [
      nodeOf(HOSTILE, [
        agentOf([
          probeOf({
            target: { role: 'node-local', address: HOSTILE, learnedFrom: 'kubernetes' },
            variant: HOSTILE,
            state: 'no-data',
            reason: 'stale',
          }),
        ]),
      ]),
    ],
  })
  const evidence = hostile.findings[0]?.evidence[0]
  if (evidence)
    Object.assign(evidence, {
      node: HOSTILE,
      error: HOSTILE,
      healthy: { ...evidence.healthy, node: HOSTILE, rcode: HOSTILE },
    })
  Object.assign(hostile.nodes[0]?.clock ?? {}, { reference: HOSTILE })
  hostile.verdict.sentence = HOSTILE
  const page = reportHtml(hostile, 'report/style.css')
  t.notMatch(page, /<script|<!-- \$|"'>/)
  t.ok(page.split('&#60;script&#62;').length > 15, 'it is there, escaped')
})

t.test('nothing known, nothing wrong, something wrong with the store', async (t) => {
  const verdict = { ...sampleReport().verdict, state: 'no-data' as const }
  const empty = reportHtml(sampleReport({ nodes: [], findings: [], verdict }), 's.css')
  t.match(empty, 'No finding is open.')
  t.match(empty, 'No agent has reported yet.')
  t.match(empty, 'No clock was measured yet.')
  t.notMatch(empty, 'id="ended"')
  t.match(
    reportHtml(sampleReport({ storage: 'The disk is full.' }), 's.css'),
    '<strong>Not remembered:</strong> The disk is full.',
  )
})

t.test('what people look up by hand is answered, and what could not be read is named', async (t) => {
  const checks = [{ id: 'corefile-readable', passed: true, detail: 'One zone.' }]
  const told = reportHtml(sampleReport({ checks, hidden: ['Events are hidden.'] }), 's.css')
  t.match(told, /✓ corefile-readable: One zone\./)
  t.match(told, /Events are hidden\./)
})
