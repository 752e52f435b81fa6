import t from 'tap'
import { findingHtml } from '../../src/report/findings-html.ts'
import { AT, findingOf } from './sample-report.ts'

t.test('what a person on call needs', async (t) => {
  const text = findingHtml(findingOf(), AT)
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
  ]) {
    t.match(text, part)
  }
  t.match(
    text,
    /node-2[\s\S]*timeout[\s\S]*0\/5[\s\S]*node-1[\s\S]*NOERROR[\s\S]*5\/5[\s\S]*0.4 ms/,
    'the odd row beside a healthy one',
  )
})

t.test('what is not there leaves no empty heading', async (t) => {
  const text = findingHtml(
    findingOf({
      evidence: [],
      confirm: [],
      remedy: '',
      references: [],
      scope: { kind: 'node', nodes: ['a'], shared: {}, subject: null },
    }),
    AT,
  )
  t.notMatch(text, /<table|<h4|<ul|In common|Explains/)
})

t.test('flapping, covering, and more evidence than is shown', async (t) => {
  const [row] = findingOf().evidence
  if (!row) throw new Error('no evidence')
  const evidence = Array.from({ length: 30 }, () => ({ ...row, healthy: null }))
  const text = findingHtml(findingOf({ reopened: 2, covers: ['cccccccccccccccc'], evidence }), AT)
  t.match(text, 'came back 2 times')
  t.match(text, 'cccccccccccccccc')
  t.match(text, '12 of 30 rows')
})
