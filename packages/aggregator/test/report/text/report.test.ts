import t from 'tap'
import { reportText } from '../../../src/report/text/report.ts'
import { agentOf, findingOf, nodeOf, sampleReport } from '../sample-report.ts'

t.test('the same as the page, without markup', async (t) => {
  const text = reportText(sampleReport())
  t.equal(text.split('\n')[0], '✕ FAILING  1 of 2 nodes differs: node-2.')
  t.match(text, 'cluster prod-eu · 2026-11-21 09:29:12 UTC · 2/2 agents reporting · oddnode 0.1.0')
  for (const part of [
    'CRITICAL  node-2: timeout',
    'since 2026-11-21 09:20:00 UTC (9 min) · certain · node-2',
    'in common: zone zone-1',
    'confirm  dig',
    'remedy   Restart',
    'see      https',
    '✕ node-2  pod   ✕ timeout 0/5',
    '✓ node-1: +0.3 ms ± 1.1 ms against aggregator',
    'node-1 was silent',
  ]) {
    t.match(text, part)
  }
})

t.test('nothing known, trouble, and more than is shown', async (t) => {
  const [row] = findingOf().evidence
  const evidence = Array.from({ length: 30 }, () => row).flatMap((one) => (one ? [{ ...one, healthy: null }] : []))
  const clock = { ...nodeOf('a', []).clock, offsetSeconds: null }
  const text = reportText(
    sampleReport({
      notices: [{ title: 'Not remembered', text: 'The disk is full.', commands: ['df'] }],
      findings: [findingOf({ evidence, covers: ['x'], remedy: '' })],
      nodes: [nodeOf('a', [agentOf([])], { clock })],
    }),
  )
  t.match(text, /reporting · oddnode 0.1.0\nNot remembered: The disk is full.\n {2}df\n/)
  t.match(text, '… 18 more rows in report.json')
  t.match(text, 'explains: x')
  t.match(text, 'a: not measured')
  t.match(text, '1 more node, none of them worse: see report.json')
  t.match(reportText(sampleReport({ findings: [], nodes: [] })), 'No agent has reported yet.')
})

t.test('what people look up by hand is answered, and what could not be read is named', async (t) => {
  const checks = [{ id: 'corefile-readable', passed: true, detail: 'One zone.' }]
  const told = reportText(sampleReport({ checks, hidden: ['Events are hidden.'] }))
  t.match(told, /✓ corefile-readable: One zone\./)
  t.match(told, /Events are hidden\./)
})

t.test('a finding about clocks has their offsets beside it', async (t) => {
  const text = reportText(sampleReport({ findings: [findingOf({ fault: 'node-clock-wrong' })] }))
  t.match(text, /node-2 {2}\+0\.3 ms ± 1\.1 ms {2}against aggregator\n {2}✓ node-1 {2}\+0\.3 ms/)
})
