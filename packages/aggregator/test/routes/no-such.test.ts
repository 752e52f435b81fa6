import t from 'tap'
import { noSuchFinding, noSuchNode, noSuchPage } from '../../src/routes/no-such.ts'
import { momentOf } from '../report/sample-moment.ts'
import { nodeOf, sampleReport } from '../report/sample-report.ts'

const detailOf = (error: ReturnType<typeof noSuchNode>) => error.problem.detail

t.test('a node that was mistyped, and one that is like none', async (t) => {
  t.match(noSuchNode('node-11', momentOf()).problem, { status: 404, detail: 'Did you mean node-1?' })
  t.match(detailOf(noSuchNode('something', momentOf())), 'Known are node-2, node-1.')
  t.match(detailOf(noSuchNode('x', momentOf(sampleReport({ nodes: [] })))), 'Known is none.')
  const many = Array.from({ length: 9 }, (_, i) => nodeOf(`machine-${i}`, []))
  t.match(detailOf(noSuchNode('x', momentOf(sampleReport({ nodes: many })))), 'machine-4, ….')
  t.ok(detailOf(noSuchNode('x'.repeat(5000), momentOf())).length < 300)
})

t.test('a finding that nobody remembers', async (t) => {
  t.match(noSuchFinding('ffff', momentOf()).problem, {
    status: 404,
    detail: 'Open now: b3f1b3f1b3f1b3f1 (node-2: timeout',
  })
  t.match(noSuchFinding('ffff', momentOf(sampleReport({ findings: [] }))).problem.detail, 'No finding is open.')
})

t.test('an address that leads nowhere, and those that lead somewhere', async (t) => {
  t.match(noSuchPage('/report/foo').problem, { status: 404, detail: '"/report/foo". The report is at /report' })
  t.ok(noSuchPage(`/report/${'x'.repeat(5000)}`).problem.detail.length < 300)
})
