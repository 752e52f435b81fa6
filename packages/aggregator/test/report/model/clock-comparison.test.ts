import t from 'tap'
import { clockComparison, healthyBeside } from '../../../src/report/model/clock-comparison.ts'
import { besideOf } from '../../../src/report/model/moment.ts'
import { momentOf } from '../sample-moment.ts'
import { findingOf, nodeOf, sampleReport } from '../sample-report.ts'

const { clock } = nodeOf('a', [])
const clockAt = (offsetSeconds: number | null) => ({ clock: { ...clock, offsetSeconds } })
const scope = { kind: 'node' as const, nodes: ['odd'], shared: {}, subject: null }
const finding = findingOf({ fault: 'node-clock-wrong', scope, evidence: [] })
const odd = nodeOf('odd', [], { state: 'failing', clock: { ...clock, state: 'failing', offsetSeconds: -94 } })
const beside = (...others: ReturnType<typeof nodeOf>[]) => besideOf(momentOf(sampleReport({ nodes: [odd, ...others] })))

t.test('the odd clock, a healthy one, and the median of the rest', async (t) => {
  const others = [0.001, 0.004, 0.002, 0.003].map((offset, i) => nodeOf(`n${i}`, [], clockAt(offset)))
  const unmeasured = nodeOf('unmeasured', [], clockAt(null))
  t.match(clockComparison(finding, beside(unmeasured, ...others)), {
    rows: [
      { node: 'odd', state: 'failing', offsetSeconds: -94, uncertaintySeconds: 0.0011, reference: 'aggregator' },
      { node: 'n0', state: 'ok', offsetSeconds: 0.001 },
    ],
    others: { count: 3, medianSeconds: 0.003 },
  })
})

t.test('nobody beside it, nobody known, another fault', async (t) => {
  t.match(clockComparison(finding, beside()), { rows: [{ node: 'odd' }], others: null })
  t.equal(clockComparison({ ...finding, scope: { ...scope, nodes: ['gone'] } }, beside()), null)
  t.equal(clockComparison(findingOf(), beside()), null)
})

t.test('of a large cluster some are looked at, and each is believed only when it was', async (t) => {
  const names = Array.from({ length: 900 }, (_, i) => `n${i}`)
  let looks = 0
  const node = (name: string) => {
    looks++
    return nodeOf(name, [], { state: name === 'n0' ? 'failing' : 'ok' })
  }
  t.equal([...healthyBeside(finding, { node, candidates: () => names })].length, 49)
  t.equal(looks, 50)
})
