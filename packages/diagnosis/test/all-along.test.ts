import t from 'tap'
import { okAllAlong } from '../src/all-along.ts'
import { cellsIn, type Sequence, times, worldAfter } from './sequences.ts'
import { good, timeout } from './world.ts'

/** Of probes that were asked in eight rounds, from the first, or the last, of them on. */
function sinceRound(round: number, ...sequences: readonly Sequence[]) {
  const world = worldAfter(...sequences)
  return okAllAlong(cellsIn(world, ...sequences.keys()), world.at - (8 - round) * 15)
}

t.test('well all the time, but for a lost packet', async (t) => {
  t.equal(sinceRound(1, times(8, good())), 'yes')
  t.equal(sinceRound(1, [...times(3, good()), timeout, ...times(4, good())]), 'yes')
  t.equal(sinceRound(1, [...times(2, good()), timeout, timeout, ...times(4, good())]), 'yes')
})

t.test('what failed for a while as well was not, though it is well by now', async (t) => {
  const healed = [good(), ...times(3, timeout), ...times(4, good())]
  t.equal(sinceRound(1, healed), 'no')
  t.equal(sinceRound(1, times(8, good()), healed), 'no')
  t.equal(sinceRound(5, healed), 'yes', 'before it matters not')
})

t.test('what was not asked since tells nothing', async (t) => {
  t.equal(sinceRound(9, times(8, good())), 'no-data')
  t.equal(okAllAlong([], 0), 'no-data')
})

t.test('what is kept no more from that time tells nothing, unless the state is as old', async (t) => {
  const healed = [...times(4, timeout), ...times(10, good())]
  t.equal(sinceRound(-4, healed), 'no-data', 'its bad samples have given way since')
  t.equal(sinceRound(-4, times(20, good())), 'yes')
  t.equal(sinceRound(-4, healed, times(20, good())), 'yes', 'another probe tells')
})
