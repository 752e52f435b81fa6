import t from 'tap'
import type { Moment } from '../../../src/report/model/moment.ts'
import { reportJson, reportOf } from '../../../src/report/model/moment.ts'
import { momentOf } from '../sample-moment.ts'
import { sampleReport } from '../sample-report.ts'

t.test('a moment as a report: all nodes, or the first ones', async (t) => {
  const report = sampleReport()
  const moment = momentOf(report)
  t.strictSame(reportOf(moment), report)
  t.strictSame(
    reportOf(moment, 1).nodes.map(({ name }) => name),
    ['node-2'],
  )
})

t.test('the same as JSON in pieces; a node that went meanwhile is left out', async (t) => {
  const report = sampleReport()
  const moment = momentOf(report)
  const text = (of: Moment) => [...reportJson(of)].join('')
  t.strictSame(JSON.parse(text(moment)), JSON.parse(JSON.stringify(report)))
  const gone = { ...moment, node: (name: string) => (name === 'node-2' ? null : moment.node(name)) }
  t.match(JSON.parse(text(gone)).nodes, [{ name: 'node-1' }])
  t.strictSame(JSON.parse(text({ ...moment, nodes: [] })).nodes, [])
})
