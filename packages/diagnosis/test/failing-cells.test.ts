import t from 'tap'
import { failingCells } from '../src/failing-cells.ts'
import { updateLedger } from '../src/ledger.ts'
import { createWorld, good, rounds, timeout } from './world.ts'

t.test('what fails, by node, and of that what is meant', async (t) => {
  const world = createWorld(['b', 'a', 'c'])
  rounds(world, 5, (node, vantage, probe) => (node !== 'c' && vantage === 'pod' && probe < 2 ? timeout : good()))
  updateLedger(world.fleet.ledger, world.fleet.agents)
  const names = (cells: ReturnType<typeof failingCells>) =>
    cells.map(({ node, vantage, probe }) => `${vantage}/${node} ${probe}`)
  t.same(names(failingCells(world.fleet, () => true)), ['pod/a 0', 'pod/a 1', 'pod/b 0', 'pod/b 1'])
  t.same(names(failingCells(world.fleet, ({ planned }) => planned.transport === 'tcp')), ['pod/a 1', 'pod/b 1'])
})
