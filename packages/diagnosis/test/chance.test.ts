import t from 'tap'
import { lostInARow, lostOfKept, mayBeChance } from '../src/chance.ts'
import { restoreWindows } from '../src/restore.ts'
import { defaultThresholds } from '../src/thresholds.ts'
import { probeState } from '../src/window.ts'
import { cellsAfter, times } from './sequences.ts'
import { good, timeout } from './world.ts'

const all = (count: number) => ({ lost: count, asked: count })

t.test('a run is chance down to one in a thousand million', async (t) => {
  t.equal(mayBeChance(all(29), 0.5), true)
  t.equal(mayBeChance(all(30), 0.5), false, '0.5 ** 30 is 9.3e-10')
  t.equal(mayBeChance(all(51), 2 / 3), true)
  t.equal(mayBeChance(all(52), 2 / 3), false)
  t.equal(mayBeChance(all(1), 0), false, 'where nothing is lost')
  t.equal(mayBeChance(all(1000), 1), true, 'where everything is')
  t.equal(mayBeChance(all(0), 0), true, 'what was not asked says nothing')
})

t.test('so is a share that is a little above', async (t) => {
  t.equal(mayBeChance({ lost: 40, asked: 80 }, 0.5), true)
  t.equal(mayBeChance({ lost: 60, asked: 80 }, 0.5), true)
  t.equal(mayBeChance({ lost: 70, asked: 80 }, 0.5), false)
  t.equal(mayBeChance({ lost: 2, asked: 80 }, 0.5), true, 'and what is below')
})

t.test('the bound is above what the binomial distribution says', async (t) => {
  // P(X ≥ 26) of 30 with 0.5: 2.97e-5; Chernoff's bound is larger, and no more than ten times that.
  const bound = (lost: number, asked: number, share: number) => {
    const rate = lost / asked
    return Math.exp(-asked * (rate * Math.log(rate / share) + (1 - rate) * Math.log((1 - rate) / (1 - share))))
  }
  t.ok(bound(26, 30, 0.5) > 2.97e-5)
  t.ok(bound(26, 30, 0.5) < 2.97e-4)
})

t.test('bad ones since the last good one of any probe', async (t) => {
  const [bad, mixed] = [times(8, timeout), [...times(5, timeout), good(), timeout, timeout]]
  t.same(lostInARow(cellsAfter(bad)), all(8))
  t.same(lostInARow(cellsAfter(bad, mixed)), all(4))
  t.same(lostInARow(cellsAfter(bad, times(8, good()))), all(0))
  t.same(lostInARow([]), all(0))
})

t.test('of all that is kept', async (t) => {
  t.same(lostOfKept(cellsAfter(times(8, timeout), [...times(7, good()), timeout])), { lost: 9, asked: 16 })
  t.same(lostOfKept([]), { lost: 0, asked: 0 })
})

t.test('what was restored after a restart counts by its numbers', async (t) => {
  const [cell] = cellsAfter(times(6, timeout))
  if (cell === undefined) throw new Error('no cell')
  const { agent, probe } = cell
  const state = { ...probeState(agent.windows, probe), probe }
  agent.windows = restoreWindows(agent.plan, defaultThresholds, [state])
  t.same(lostInARow([cell]), all(state.badInARow))
})
