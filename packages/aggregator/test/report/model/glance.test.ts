import t from 'tap'
import { glanceOf } from '../../../src/report/model/glance.ts'
import { AT, findingOf } from '../sample-report.ts'

t.test('one fault of one severity is one, as long as it is open', async (t) => {
  const clock = { fault: 'node-clock-wrong', since: AT }
  const findings = [
    findingOf({ ...clock, id: 'a', title: 'a is behind' }),
    findingOf({ id: 'b', title: 'no DNS' }),
    findingOf({ ...clock, id: 'c', since: '2026-11-21T09:10:00.000Z' }),
    findingOf({ ...clock, id: 'd', severity: 'warning' }),
    findingOf({ ...clock, id: 'e', ended: AT }),
  ]
  t.match(glanceOf(findings), [
    { id: 'a', title: 'a is behind', others: 1, since: '2026-11-21T09:10:00.000Z' },
    { id: 'b', title: 'no DNS', others: 0 },
    { id: 'd', severity: 'warning', others: 0 },
  ])
  t.strictSame(glanceOf([]), [])
})
