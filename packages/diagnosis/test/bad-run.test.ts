import { observationOf } from '@oddnode/protocol'
import t from 'tap'
import { type BadRun, badRun } from '../src/bad-run.ts'
import { restoreWindows } from '../src/restore.ts'
import { defaultThresholds } from '../src/thresholds.ts'
import { probeState } from '../src/window.ts'
import { cellsAfter, type Sequence, times } from './sequences.ts'
import { good, late, localError, present, refused, servfail, timeout } from './world.ts'

function runOf(sequence: Sequence): BadRun {
  const [cell] = cellsAfter(sequence)
  const { agent, probe } = present(cell)
  return badRun(agent.windows, probe)
}
const plain = ({ outcomes, rcodes, ...run }: BadRun) => ({ ...run, outcomes: [...outcomes], rcodes: [...rcodes] })

t.test('the bad samples at the end, up to the last good one', async (t) => {
  t.same(plain(runOf([timeout, good(), timeout, refused])), {
    bad: 2,
    answered: 0,
    outcomes: ['refused', 'timeout'],
    rcodes: [],
    last: 'bad',
  })
  t.same(plain(runOf([...times(3, timeout), good()])), { bad: 0, answered: 0, outcomes: [], rcodes: [], last: 'good' })
  t.same(plain(runOf([null])), { bad: 0, answered: 0, outcomes: [], rcodes: [], last: null })
})

t.test('a wrong answer is an answer all the same', async (t) => {
  t.match(plain(runOf([good(), servfail, timeout, servfail])), { bad: 3, answered: 2, rcodes: [2] })
  t.match(plain(runOf([good(), observationOf('truncated', { rcode: 0 })])), { bad: 1, answered: 1, rcodes: [0] })
})

t.test('late and the agent’s own errors end nothing and count for nothing', async (t) => {
  t.match(plain(runOf([good(), timeout, late, localError, timeout])), { bad: 2, last: 'bad' })
  t.match(plain(runOf([good(), timeout, late])), { bad: 1, last: 'late' })
  t.match(plain(runOf([good(), timeout, localError])), { bad: 1, last: 'none' })
})

t.test('what was restored counts with the numbers that it came with', async (t) => {
  const restored = (sequence: Sequence): BadRun => {
    const [cell] = cellsAfter(sequence)
    const { agent, probe } = present(cell)
    const windows = restoreWindows(agent.plan, defaultThresholds, [{ probe, ...probeState(agent.windows, probe) }])
    return badRun(windows, probe)
  }
  t.same(plain(restored([good(), ...times(4, timeout)])), {
    bad: 4,
    answered: 0,
    outcomes: ['timeout'],
    rcodes: [],
    last: 'bad',
  })
  t.same(plain(restored(times(5, timeout))), { bad: 5, answered: 0, outcomes: ['timeout'], rcodes: [], last: 'bad' })
  t.match(plain(restored(times(5, servfail))), { bad: 5, answered: 5, outcomes: ['answered'], rcodes: [2] })
  t.match(plain(restored(times(5, good()))), { bad: 0, answered: 0, outcomes: [], last: 'good' })
})
