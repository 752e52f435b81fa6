import t from 'tap'
import { cellOf } from '../src/cell.ts'
import { explainedCells, isIn } from '../src/explained.ts'
import { createWorld, good, present, rounds } from './world.ts'

t.test('cells that are accounted for', async (t) => {
  const world = createWorld(['a', 'b'])
  rounds(world, 1, () => good())
  const agent = (key: string) => present(world.fleet.agents.get(key))
  const [a, b] = [agent('pod/a'), agent('pod/b')]
  const explained = explainedCells([cellOf(a, 1), cellOf(a, 3), cellOf(a, 1)])
  t.same(
    [0, 1, 2, 3, 4, 99].map((probe) => isIn(explained, a, probe)),
    [false, true, false, true, false, false],
  )
  t.notOk(isIn(explained, b, 1))
  t.notOk(isIn(undefined, a, 1))
  t.equal(explainedCells([]).size, 0)
})
