import t from 'tap'
import { leftOut, matrixOf } from '../../../src/report/model/matrix.ts'
import { agentOf, failing, nodeOf, probeOf, sampleReport } from '../sample-report.ts'

t.test('odd rows first, columns by role, UDP before TCP', async (t) => {
  const endpoint = { role: 'endpoint', address: '10.244.1.7', learnedFrom: 'kubernetes' } as const
  const { columns, rows } = matrixOf({
    nodes: [
      nodeOf('a', [agentOf([probeOf({ target: endpoint }), probeOf({ transport: 'tcp' }), probeOf()])]),
      nodeOf('b', [agentOf([probeOf(failing)], { state: 'failing' })], { state: 'failing' }),
    ],
  })
  t.strictSame(
    columns.map(({ role, transport }) => `${role} ${transport}`),
    ['node-local udp', 'node-local tcp', 'endpoint udp'],
  )
  t.strictSame(
    rows.map(({ node }) => node),
    ['b', 'a'],
  )
  t.strictSame(
    rows[0]?.cells,
    [{ state: 'failing', text: 'timeout 0/5', question: null }, null, null],
    'what is not planned is no state',
  )
})

t.test('a cell tells its worst question, and which one it is', async (t) => {
  const cellOf = (...probes: ReturnType<typeof probeOf>[]) =>
    matrixOf({ nodes: [nodeOf('a', [agentOf(probes)])] }).rows[0]?.cells[0]
  t.match(cellOf(probeOf(), probeOf({ ...failing, question: 'version' })), {
    state: 'failing',
    text: 'timeout 0/5',
    question: 'version',
  })
  t.match(cellOf(probeOf(failing), probeOf({ ...failing, question: 'version' })), { question: null }, 'all alike')
  t.match(cellOf(probeOf(), probeOf({ ...failing, variant: 'fixed-port' })), { question: 'kubernetes fixed-port' })
  const unasked = probeOf({ state: 'no-data', reason: 'not-looked-at', question: 'identity' })
  t.match(cellOf(probeOf(), unasked), { state: 'ok' }, 'what was not asked yet hides nothing that was')
  t.match(cellOf(unasked), { state: 'no-data', text: 'not looked at' })
  const stale = probeOf({ state: 'no-data', reason: 'stale', question: 'version' })
  t.match(
    cellOf(probeOf(), stale),
    { state: 'no-data', text: 'no fresh data', question: 'version' },
    'never ok without data',
  )
})

t.test('what is left out is said', async (t) => {
  const report = sampleReport()
  t.equal(leftOut(report), null)
  t.equal(leftOut({ ...report, nodes: report.nodes.slice(0, 1) }), '1 more node, none of them worse:')
})
