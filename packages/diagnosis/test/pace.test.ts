import { observationOf } from '@oddnode/protocol'
import t from 'tap'
import { createKeptSamples, keepSample } from '../src/kept-samples.ts'
import { addPace, createPaces, type Paces } from '../src/pace.ts'

const kept = createKeptSamples(2, 8)
function add(paces: Paces, takenAt: number, seconds: number): void {
  const observation = observationOf('answered', { rcode: 0, seconds })
  keepSample(kept, { probe: 0, ageSeconds: 0, observation }, takenAt, 'good')
  addPace(paces, kept, 0, seconds)
}
t.beforeEach(() => kept.count.fill(0))

const after = (...seconds: readonly number[]): Paces => {
  const paces = createPaces(2)
  for (const [i, one] of seconds.entries()) add(paces, i, one)
  return paces
}
const times = (count: number, seconds: number) => Array.from({ length: count }, () => seconds)
const paceOf = ({ pace }: Paces) => pace[0] as number
const usualOf = ({ usual }: Paces) => usual[0] as number

t.test('nothing is known before the first answer, which is all that is known then', async (t) => {
  t.ok(Number.isNaN(paceOf(after())))
  const { pace, usual } = after(0.5)
  t.same([...pace, ...usual], [0.5, Number.NaN, 0.5, Number.NaN])
})

t.test('the pace follows within a few answers, what is usual does not', async (t) => {
  const paces = after(...times(20, 0.001), ...times(10, 0.1))
  t.ok(paceOf(paces) > 0.09)
  t.ok(usualOf(paces) < 0.0014)
  t.ok(
    usualOf(after(...times(20, 0.001), ...times(120, 0.005))) > 0.004,
    'a few times as slow is usual after half an hour',
  )
  t.ok(usualOf(after(...times(20, 0.001), ...times(1000, 0.1))) < 0.0014, 'an overload never is')
})

t.test('what is usual is not the first answer alone', async (t) => {
  t.ok(usualOf(after(0.05, 0.001, 0.03, ...times(20, 0.002))) < 0.002)
})

t.test('single slow answers do not become usual', async (t) => {
  const noisy = times(300, 0.001).map((seconds, i) => (i % 10 === 9 ? 1 : seconds))
  t.ok(usualOf(after(...noisy)) < 0.0015)
})

t.test('an answer in no time is a very fast one', async (t) => {
  t.ok(usualOf(after(0, 0.001)) > 0)
  t.ok(paceOf(after(-1, 0)) > 0)
})

t.test('where no answer is kept any more there is no pace, in whatever order that came about', async (t) => {
  const paces = after(0.1)
  for (let i = 1; i <= 8; i++) {
    keepSample(kept, { probe: 0, ageSeconds: 0, observation: observationOf('timeout') }, i, 'bad')
    addPace(paces, kept, 0, null)
  }
  t.ok(Number.isNaN(paceOf(paces)))
  t.equal(usualOf(paces).toFixed(3), '0.100', 'what is usual stays')
})

t.test('the order in which answers come does not matter', async (t) => {
  const seconds = [0.1, 0.001, 0.5, 0.02]
  const inTurn = paceOf(after(...seconds))
  kept.count.fill(0)
  const paces = createPaces(2)
  for (const i of [2, 0, 3, 1]) add(paces, i, seconds[i] ?? 0)
  t.equal(paceOf(paces), inTurn)
})
