import t from 'tap'
import { losesAbout } from '../src/loss-near.ts'
import { cellsOf } from '../src/sight.ts'
import type { Sees } from './faults/fault-world.ts'
import { sightAfter } from './faults/sight-of.ts'

const service = (sees: Sees, rounds: number) =>
  cellsOf(sightAfter(sees, { rounds }), { vantage: 'host', role: 'cluster-dns' })
const dead: Sees = (_, { role }) => (role === 'cluster-dns' ? 'timeout' : null)
const half: Sees = (...seen) => ((seen[2] + seen[1].question.length) % 2 === 0 ? dead(...seen) : null)

t.test('about so much', async (t) => {
  t.equal(losesAbout(service(half, 8), 0.5), 'yes')
  t.equal(losesAbout(service(half, 8), 1), 'no')
  t.equal(
    losesAbout(
      service(() => null, 6),
      0,
    ),
    'yes',
  )
})

t.test('the good time before does not make a dead server a lossy one', async (t) => {
  t.equal(losesAbout(service(dead, 2), 0.5), 'wait')
  t.equal(losesAbout(service(dead, 3), 0.5), 'no')
  t.equal(losesAbout(service(dead, 3), 1), 'yes')
})

t.test('without data nothing is known', async (t) => {
  t.equal(losesAbout([], 0.5), 'no-data')
})
