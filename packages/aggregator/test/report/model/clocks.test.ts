import type { ReportAgent } from '@oddnode/protocol'
import t from 'tap'
import { clocksOf } from '../../../src/report/model/clocks.ts'
import { summaryOf } from '../sample-moment.ts'
import { agentOf, nodeOf } from '../sample-report.ts'

const clockNode = (
  name: string,
  offsetSeconds: number | null,
  state: 'ok' | 'failing' = 'ok',
  status: ReportAgent['status'] = 'reporting',
) => summaryOf(nodeOf(name, [agentOf([], { status })], { clock: { ...nodeOf('', []).clock, offsetSeconds, state } }))

t.test('each clock of a small cluster is named, the worst first', async (t) => {
  const { named, others, unmeasured, silent, unheard } = clocksOf([
    clockNode('a', 0.001),
    clockNode('b', -94, 'failing'),
    clockNode('c', null),
    clockNode('d', -0.002),
    clockNode('e', null, 'ok', 'silent'),
    clockNode('f', null, 'ok', 'expected'),
  ])
  t.strictSame(
    named.map(({ name }) => name),
    ['b', 'd', 'a'],
  )
  t.strictSame(others, [])
  t.strictSame(unmeasured, ['c'])
  t.strictSame(silent, ['e'], 'no reference failed it')
  t.strictSame(unheard, ['f'], 'who was never heard did not fall silent')
})

t.test('of a large one the odd ones and the ends; the others are counted', async (t) => {
  const nodes = Array.from({ length: 5000 }, (_, i) => clockNode(`n${i}`, (i - 2500) / 1e6))
  const { named, others, reachSeconds } = clocksOf([clockNode('wrong', 5, 'failing'), ...nodes])
  t.strictSame(
    named.map(({ name }) => name),
    ['wrong', 'n0', 'n4999'],
  )
  t.equal(others.length, 4998)
  t.strictSame(
    others,
    others.toSorted((a, b) => a - b),
  )
  t.equal(reachSeconds, 5.0011)
})

t.test('no clock, no end', async (t) => {
  t.strictSame(clocksOf([]), { named: [], others: [], unmeasured: [], silent: [], unheard: [], reachSeconds: 0 })
  const wrong = Array.from({ length: 30 }, (_, i) => clockNode(`n${i}`, i, 'failing'))
  t.equal(clocksOf(wrong).named.length, 20)
  t.equal(clocksOf(wrong).others.length, 10)
})
