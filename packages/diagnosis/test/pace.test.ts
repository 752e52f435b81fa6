import t from 'tap'
import { addPace, createPaces, type Paces } from '../src/pace.ts'

const after = (...seconds: readonly number[]): Paces => {
  const paces = createPaces(2)
  for (const one of seconds) addPace(paces, 0, one)
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
  t.ok(usualOf(after(...times(20, 0.001), ...times(120, 0.1))) > 0.009, 'ten times as slow is usual after half an hour')
})

t.test('single slow answers do not become usual', async (t) => {
  const noisy = times(300, 0.001).map((seconds, i) => (i % 10 === 9 ? 1 : seconds))
  t.ok(usualOf(after(...noisy)) < 0.0015)
})

t.test('an answer in no time is a very fast one', async (t) => {
  t.ok(usualOf(after(0, 0.001)) > 0)
  t.ok(paceOf(after(-1, 0)) > 0)
})
