import t from 'tap'
import { timelineOf } from '../../../src/report/model/timeline.ts'
import { findingOf } from '../sample-report.ts'

t.test('findings as entries, and not without end', async (t) => {
  const many = Array.from({ length: 900 }, (_, i) => findingOf({ title: `finding ${i}` }))
  const entries = timelineOf(many)
  t.equal(entries.length, 500)
  t.match(entries[0], { title: 'finding 0', kind: 'node', nodes: ['node-2'], ended: null })
})
