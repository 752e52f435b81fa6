import t from 'tap'
import { clockComparisonHtml } from '../../../src/report/html/clock-comparison.ts'
import { HOSTILE, links } from '../sample-moment.ts'

const wrong = {
  node: 'node-3',
  state: 'failing',
  offsetSeconds: -94,
  uncertaintySeconds: 0.001,
  reference: 'ntp 192.0.2.1',
} as const
const unmeasured = {
  node: HOSTILE,
  state: 'no-data',
  offsetSeconds: null,
  uncertaintySeconds: null,
  reference: null,
} as const

t.test('offset with its uncertainty and reference, then the median of the others', async (t) => {
  const text = clockComparisonHtml({ rows: [wrong], others: { count: 4, medianSeconds: 0.0003 } }, links)
  t.match(text, /href="report\/nodes\/node-3".*−94 s ± 1 ms.*ntp 192.0.2.1/)
  t.match(text, /median of 4 others.*\+0.3 ms/)
})

t.test('a clock that was not measured, nobody beside it, no finding about clocks', async (t) => {
  const text = clockComparisonHtml({ rows: [unmeasured], others: null }, null)
  t.match(text, 'not measured')
  t.notMatch(text, /<script|<a |median/)
  t.equal(clockComparisonHtml(null, links), '')
})
