import t from 'tap'
import { cellState } from '../src/differences.ts'
import { createWorld, good, oddCellsOf, present, push, rounds, type Sees, timeout } from './world.ts'

const oddOf = (nodes: string[], count: number, sees: Sees) => {
  const world = createWorld(nodes, undefined, ['pod'])
  rounds(world, 3, () => good())
  rounds(world, count, sees)
  return oddCellsOf(world)
}

t.test('a failing cell is odd beside healthy ones, and ripe after five bad ones', async (t) => {
  const sees: Sees = (node, _, probe) => (node === 'a' && probe === 0 ? timeout : good())
  const [cell, ...more] = oddOf(['a', 'b', 'c'], 4, sees)
  t.same(more, [])
  t.match(cell, { node: 'a', kind: 'failing', ripe: false, everywhere: false, asking: 1 })
  t.same(
    cell?.healthy.map(({ node }) => node),
    ['b', 'c'],
  )
  t.equal(cellState(present(cell)).state, 'failing')
  t.match(oddOf(['a', 'b', 'c'], 5, sees), [{ ripe: true }])
})

t.test('everywhere: a few rows stand for all', async (t) => {
  const cells = oddOf(['a', 'b', 'c', 'd', 'e'], 5, (_, __, probe) => (probe === 0 ? timeout : good()))
  t.equal(cells.length, 3)
  t.match(cells[0], { everywhere: true, asking: 5, ripe: true, healthy: [] })
})

t.test('one node alone is not everywhere', async (t) => {
  t.match(oddOf(['a'], 5, () => timeout)[0], { everywhere: false, healthy: [] })
})

t.test('differing: the minority, or all where there is no majority', async (t) => {
  const sees: Sees = (node) => good([node < 'c' ? '10.0.0.1' : '10.0.0.2'])
  t.same([...new Set(oddOf(['a', 'b', 'c'], 5, sees).map(({ node }) => node))], ['c'])
  t.same(
    [...new Set(oddOf(['a', 'b', 'c', 'd'], 5, sees).map(({ node, undecided }) => `${node} ${undecided}`))],
    ['a true', 'b true', 'c true', 'd true'],
  )
})

t.test('two nodes have no majority', async (t) => {
  const cells = oddOf(['a', 'b'], 5, (node) => good([node === 'a' ? '10.0.0.1' : '10.0.0.2']))
  t.ok(cells.length > 0)
  t.ok(cells.every(({ kind, undecided, healthy }) => kind === 'differing' && undecided && healthy.length === 0))
})

t.test('as long as the others were not asked since, nothing is said', async (t) => {
  const world = createWorld(['a', 'b', 'c'], undefined, ['pod'])
  rounds(world, 3, () => good())
  for (let again = 0; again < 5; again++) {
    world.at += 5
    push(world, 'a', 'pod', () => timeout)
  }
  t.same(oddCellsOf(world), [])
})
