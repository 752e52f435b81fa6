import t from 'tap'
import { isLatest, markApplied } from '../src/applied-rounds.ts'
import type { AppliedRounds } from '../src/fleet.ts'

t.test('each round counts once, in whatever order they come', async (t) => {
  const applied = new Map<string, AppliedRounds>()
  t.same(
    [0, 2, 2, 1, 0, 1, 3].map((counter) => markApplied(applied, 'a', counter)),
    [true, true, false, true, false, false, true],
  )
  t.same(applied.get('a'), { through: 3, above: new Set() })
  t.equal(markApplied(applied, 'b', 0), true, 'another boot counts anew')
})

t.test('memory is bounded: dropped rounds and old boots are forgotten', async (t) => {
  const applied = new Map<string, AppliedRounds>()
  for (let counter = 0; counter < 5000; counter++) markApplied(applied, 'a', counter * 2)
  t.ok((applied.get('a')?.above.size ?? 0) <= 1024)
  t.equal(markApplied(applied, 'a', 1), false)
  for (const boot of ['b', 'c', 'd', 'e']) markApplied(applied, boot, 0)
  t.same([...applied.keys()], ['b', 'c', 'd', 'e'])
})

t.test('which round is the latest', async (t) => {
  const applied = new Map<string, AppliedRounds>()
  t.ok(isLatest(applied, 'a', 0))
  markApplied(applied, 'a', 5)
  t.notOk(isLatest(applied, 'a', 3))
  t.ok(isLatest(applied, 'a', 6))
  markApplied(applied, 'b', 0)
  t.notOk(isLatest(applied, 'a', 7), 'a buffered round of the boot before')
  t.ok(isLatest(applied, 'b', 1))
})
