import t from 'tap'
import { reportHtml, reportHtmlInSteps, wholeReport } from '../../../src/report/html/report-page.ts'
import { HOSTILE, momentOf, unescaped } from '../sample-moment.ts'
import { AT, agentOf, findingOf, nodeOf, probeOf, sampleReport } from '../sample-report.ts'

t.test('the page has its parts in this order', async (t) => {
  const page = reportHtml(momentOf())
  const places = [
    '<h1>',
    'id="findings"',
    'id="nodes"',
    'id="clocks"',
    'id="latency"',
    'id="timeline"',
    'id="not-looked-at"',
  ].map((mark) => page.indexOf(mark))
  t.strictSame(
    places,
    places.toSorted((a, b) => a - b),
  )
  t.ok(places.every((place) => place > 0))
  t.match(page, 'node-1 was silent', 'what ended is in the timeline')
})

t.test('nothing inline, no other host', async (t) => {
  const page = reportHtml(momentOf())
  t.notMatch(
    page,
    /<script(?! src="report\/page-[0-9a-f]{12}\.js" defer><\/script>)|\sstyle=|<style|\son[a-z]+=|<img|<iframe/i,
  )
  const addresses = [...page.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, address]) => address ?? '')
  t.strictSame(
    addresses.filter((address) => /^(https?:)?\/\//.test(address)),
    ['https://github.com/oddnode/oddnode/blob/main/docs/faults/unexplained-difference.md', 'https://example.com/1'],
    'only links to read on',
  )
})

t.test('every text from outside is escaped', async (t) => {
  const hostile = sampleReport({
    cluster: HOSTILE,
    version: HOSTILE,
    storage: HOSTILE,
    checks: [{ id: HOSTILE, passed: null, detail: HOSTILE }],
    hidden: [HOSTILE],
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
  const page = reportHtml(momentOf(hostile))
  t.notMatch(page, /<script>|<!-- \$|"'>/)
  t.ok(page.split('&#60;script&#62;').length > 20, 'it is there, escaped')
})

t.test('nothing known: each part says so', async (t) => {
  const verdict = { ...sampleReport().verdict, state: 'no-data' as const }
  const empty = reportHtml(momentOf(sampleReport({ nodes: [], findings: [], verdict })))
  for (const part of [
    'No finding is open.',
    'No node is known yet.',
    'No clock was measured yet.',
    'Nothing was answered yet.',
    'No finding in the last day.',
  ]) {
    t.match(empty, part)
  }
})

t.test('the past does not follow the report', async (t) => {
  const page = reportHtml(momentOf(sampleReport(), { past: true }), { ...wholeReport, at: AT })
  t.notMatch(page, 'data-update-seconds')
  t.match(page, 'Back to now')
  t.match(unescaped(page), `href="report/nodes/node-2?at=${encodeURIComponent(AT)}"`)
  t.match(reportHtml(momentOf()), 'data-update-seconds="5"')
})

t.test('what people look up by hand is answered, and what could not be read is named', async (t) => {
  const checks = [{ id: 'corefile-readable', passed: true, detail: 'One zone.' }]
  const told = reportHtml(momentOf(sampleReport({ checks, hidden: ['Events are hidden.'] })))
  t.match(told, 'One zone.')
  t.match(told, 'Events are hidden.')
})

t.test('a node is looked at once, however many parts show it', async (t) => {
  const moment = momentOf()
  let looks = 0
  reportHtml({
    ...moment,
    node: (name) => {
      looks++
      return moment.node(name)
    },
  })
  t.equal(looks, 2)
})

t.test('step by step it is the same page', async (t) => {
  const steps = reportHtmlInSteps(momentOf())
  let step = steps.next()
  let count = 0
  for (; !step.done; count++) step = steps.next()
  t.equal(step.value, reportHtml(momentOf()))
  t.ok(count > 1)
})

t.test('a page of the past has the other forms of the same moment', async (t) => {
  const page = unescaped(reportHtml(momentOf(), { ...wholeReport, at: AT }))
  for (const form of ['json', 'txt']) t.match(page, `href="report.${form}?at=2026-11-21T09%3A29%3A12.646Z"`)
  t.match(unescaped(reportHtml(momentOf())), 'href="report.json"')
})

t.test('of many findings the first are told at once, the others fold', async (t) => {
  const findings = Array.from({ length: 5 }, (_, i) => findingOf({ id: `${i}`.padStart(16, '0') }))
  const page = reportHtml(momentOf(sampleReport({ findings })))
  t.equal(page.split('<article').length - 1, 5)
  t.strictSame(
    [...page.matchAll(/<details class="folded critical" id="finding-(\d+)"/g)].map(([, id]) => Number(id)),
    [3, 4],
  )
})
