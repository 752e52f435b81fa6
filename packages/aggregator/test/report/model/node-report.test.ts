import { NodeReport } from '@oddnode/protocol/schema'
import t from 'tap'
import { Value } from 'typebox/value'
import { nodeReportOf } from '../../../src/report/model/node-report.ts'
import { momentOf } from '../sample-moment.ts'
import { agentOf, findingOf, nodeOf, probeOf, sampleReport } from '../sample-report.ts'

t.test('a node with the findings that name it, and those whose evidence does', async (t) => {
  const findings = [
    findingOf({ id: '0000000000000001', title: 'names node-2' }),
    findingOf({
      id: '0000000000000002',
      title: 'shows node-2',
      scope: { kind: 'cluster', nodes: [], shared: {}, subject: null },
    }),
    findingOf({
      id: '0000000000000003',
      title: 'another',
      scope: { kind: 'node', nodes: ['node-1'], shared: {}, subject: null },
      evidence: [],
    }),
  ]
  const node = nodeOf('node-2', [agentOf([probeOf()])])
  const report = nodeReportOf(momentOf(sampleReport({ findings })), node)
  t.strictSame(Value.Errors(NodeReport, report), [])
  t.strictSame(
    report.findings.map(({ title }) => title),
    ['names node-2', 'shows node-2'],
  )
})
