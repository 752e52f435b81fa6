import t from 'tap'
import { reportText } from '../../../src/report/text/report.ts'
import { agentOf, findingOf, nodeOf, probeOf, sampleReport } from '../sample-report.ts'

t.test('the same as the page, without markup', async (t) => {
  const text = reportText(sampleReport())
  t.equal(text.split('\n')[0], '✕ FAILING  1 of 2 nodes differs: node-2.')
  t.match(text, 'cluster prod-eu · 2026-11-21 09:29:12 UTC · 2/2 agents reporting · oddnode 0.1.0')
  for (const part of [
    'CRITICAL  node-2: timeout',
    'since 2026-11-21 09:20:00 UTC (9 min) · certain · node-2',
    'in common: zone zone-1',
    'cause    The host routes past it.',
    'confirm  dig',
    'remedy   Restart',
    'see      https',
    '✕ node-2  pod   ✕ timeout 0/5',
    'learnt from Kubernetes: node-local 169.254.20.10',
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

t.test('what to type has a line of its own, below where to type it', async (t) => {
  const finding = findingOf({ cause: '', confirm: ['on node-2: ip route', 'kubectl get node'] })
  const text = reportText(sampleReport({ findings: [finding] }))
  t.match(text, '  confirm  on node-2:\n           ip route\n  confirm  kubectl get node\n')
  t.notMatch(text, 'cause ')
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

t.test('several findings are listed before all that is known of them', async (t) => {
  const clocks = ['a', 'b'].map((id) => findingOf({ id, fault: 'node-clock-wrong', title: `clock of ${id}` }))
  const text = reportText(sampleReport({ findings: [findingOf(), ...clocks] }))
  t.match(
    text,
    /FINDINGS\n {2}critical {2}node-2: timeout.*, for 9 min\n {2}critical {2}clock of a \(and 1 more of this fault\), for 9 min\n\nCRITICAL {2}node-2/,
  )
  t.notMatch(reportText(sampleReport()), 'FINDINGS')
})

t.test('evidence and the matrix have room in 80 columns, and a node has the state of the page', async (t) => {
  const text = reportText(sampleReport())
  t.match(text, /✕ node-2 {2}pod {2}node-local 169.254.20.10 udp {2}kubernetes {2}timeout 0\/5\n/)
  t.match(text, /✓ node-1 {2}pod .* NOERROR 5\/5 0.4 ms\n/)
  const wrong = nodeOf('node-5', [agentOf([probeOf()])], { state: 'failing' })
  t.match(reportText(sampleReport({ nodes: [wrong] })), /✕ node-5 {2}pod +✓ 0.4 ms/)
})
