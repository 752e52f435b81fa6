import { type Observation, observationOf } from '@oddnode/protocol'
import t from 'tap'
import {
  dead,
  failing,
  failingSince,
  loss,
  medianSeconds,
  ok,
  sinceOf,
  someOk,
  stateOf,
  wrong,
} from '../src/cell-truth.ts'
import { cellsAfter, cellsIn, times, worldAfter } from './sequences.ts'
import { createWorld, good, late, planOf, push, refused, servfail, start, timeout } from './world.ts'

const well = times(5, good())
const gone = [...times(3, good()), ...times(5, timeout)]
const silent = times(1, good())

t.test('without data nothing is known', async (t) => {
  const cells = cellsAfter(silent)
  for (const truthOf of [ok, someOk, failing, dead]) {
    t.equal(truthOf(cells), 'no-data')
    t.equal(truthOf([]), 'no-data')
  }
  t.equal(wrong(cells, 2), 'no-data')
  t.equal(loss(cells), null)
  t.equal(loss([]), null)
  t.equal(medianSeconds([]), null)
  t.equal(failingSince(cells), Infinity)
  t.same(cells.map(stateOf), ['no-data'])
})

t.test('ok: every one with data is well, and was seen so since', async (t) => {
  t.equal(ok(cellsAfter(well, well, silent)), 'yes')
  t.equal(ok(cellsAfter(well, gone)), 'no')
  const world = worldAfter(well)
  t.equal(ok(cellsIn(world, 0), world.at - 15), 'yes')
  t.equal(ok(cellsIn(world, 0), world.at - 1), 'wait', 'what was under way may have been answered before')
  t.equal(ok(cellsIn(world, 0), world.at), 'wait', 'what was well before says nothing of after')
  t.equal(ok(cellsAfter([...well, timeout])), 'wait', 'one lost packet is asked again')
  t.equal(ok(cellsAfter([...well, timeout, good()])), 'yes')
  t.equal(ok(cellsAfter([...well, late])), 'wait', 'so is what came late, once')
  t.equal(ok(cellsAfter([...well, late, late, late])), 'no')
})

t.test('some are ok', async (t) => {
  t.equal(someOk(cellsAfter(well, gone)), 'yes')
  t.equal(someOk(cellsAfter(gone, gone)), 'no')
  t.equal(someOk(cellsAfter(gone, [...well, timeout])), 'wait')
})

t.test('failing: two of several, or the only one', async (t) => {
  t.equal(failing(cellsAfter(gone, gone, well)), 'yes')
  t.equal(failing(cellsAfter(gone)), 'yes')
  t.equal(failing(cellsAfter(gone, silent)), 'yes', 'the only one with data')
  t.equal(failing(cellsAfter(gone, well)), 'wait', 'one of two, and it goes on being asked')
  t.equal(failing(cellsAfter(well, [...well, timeout])), 'wait')
  t.equal(failing(cellsAfter(well, well)), 'no')
})

t.test('dead: all fail, without one answer since it began, and by more than heavy loss would', async (t) => {
  t.equal(dead(cellsAfter(gone, gone)), 'yes')
  t.equal(dead(cellsAfter(gone, well)), 'no')
  t.equal(dead(cellsAfter([...well, ...times(3, timeout)])), 'wait', 'three of one probe alone')
  t.equal(dead(cellsAfter([...well, ...times(3, timeout)], [...well, ...times(3, timeout)])), 'yes')
  t.equal(dead(cellsAfter([...well, ...times(2, timeout)], gone)), 'wait', 'not decided')
  t.equal(dead(cellsAfter([...well, ...times(4, timeout), servfail])), 'no', 'a wrong answer is an answer')
})

t.test('dead: a server that was asked once and answered is not, though it has no state yet', async (t) => {
  const failed = times(5, timeout)
  t.equal(dead(cellsAfter(failed, failed, silent)), 'no')
  t.equal(dead(cellsAfter(failed, failed, [])), 'wait', 'not asked yet')
  t.equal(dead(cellsAfter(failed, failed, [timeout])), 'wait', 'it is asked again soon')
  t.equal(dead(cellsAfter(failed, failed, failed)), 'yes')
})

t.test('dead by some outcomes only', async (t) => {
  const mixed = [...well, ...times(4, timeout), refused]
  t.equal(dead(cellsAfter(mixed), ['timeout', 'refused']), 'yes')
  t.equal(dead(cellsAfter(mixed), ['timeout']), 'no')
})

t.test('wrong: all answer with that RCODE', async (t) => {
  const broken = [...well, ...times(3, servfail)]
  t.equal(wrong(cellsAfter(broken, broken, silent), 2), 'yes')
  t.equal(wrong(cellsAfter(broken), 5), 'no')
  t.equal(wrong(cellsAfter(broken, well), 2), 'no')
  t.equal(wrong(cellsAfter(broken, [...well, servfail]), 2), 'wait')
  t.equal(wrong(cellsAfter(gone), 2), 'no')
})

t.test('loss: bad of those asked in the windows; late and own errors are neither', async (t) => {
  const local = observationOf('local-error')
  t.equal(loss(cellsAfter([good(), timeout, good(), good(), good()])), 0.2)
  t.equal(loss(cellsAfter(well, times(5, timeout))), 0.5)
  t.equal(loss(cellsAfter([good(), good(), local, timeout, good()])), 0.25)
  t.equal(loss(cellsAfter([good(), good(), late, timeout, good()])), 0.2)
  t.equal(loss(cellsAfter([...times(5, timeout), ...well])), 0, 'only the last five')
})

t.test('since when, and how fast', async (t) => {
  const world = worldAfter(gone, [...well, ...times(3, timeout)])
  const cells = cellsIn(world, 0, 1)
  t.same(cells.map(sinceOf), [start + 4 * 15, start + 6 * 15])
  t.equal(failingSince(cells), start + 4 * 15)
  t.equal(failingSince(cellsAfter(well)), Infinity)
  const paces = [0.001, 0.003, 0.002].map((seconds) => times(5, good([], seconds)))
  t.equal(medianSeconds(cellsAfter(...paces)), 0.002)
})

t.test(
  'a rare probe that was last asked while its server was unwell says nothing once the others are well',
  async (t) => {
    const plan = planOf([
      { role: 'cluster-dns', address: '10.96.0.10' },
      { role: 'cluster-dns', address: '10.96.0.10', question: 'version' },
      { role: 'cluster-dns', address: '10.96.0.10', question: 'canary', everySeconds: 300 },
    ])
    const rareIs = (sees: (round: number, probe: number) => Observation | null, count = 25) => {
      const world = createWorld(['a'], plan, ['pod'])
      for (let round = 0; round < count; round++) {
        world.at += 15
        push(world, 'a', 'pod', (probe) => sees(round, probe))
      }
      return cellsIn(world, 2)
    }
    const suspected = (round: number) => round >= 5 && round < 10
    const gone = rareIs((round, probe) => {
      if (probe === 2 && !suspected(round)) return null
      return suspected(round) ? timeout : good()
    })
    t.same([failing(gone), dead(gone)], ['no-data', 'no-data'])
    const byName = rareIs((round, probe) => {
      if (probe === 2 && !suspected(round)) return null
      return probe === 0 || !suspected(round) ? good() : timeout
    }, 14)
    t.equal(dead(byName), 'no-data', 'one of them was down then')
    const alone = rareIs((round, probe) => (probe < 2 ? good() : suspected(round) ? timeout : null))
    t.same([failing(alone), dead(alone)], ['yes', 'yes'], 'the others were well all the time')
    const flicker = rareIs((round, probe) =>
      probe === 1 && round === 15 ? timeout : probe < 2 ? good() : suspected(round) ? timeout : null,
    )
    t.equal(dead(flicker), 'yes', 'one lost packet of another probe changes nothing')
  },
)
