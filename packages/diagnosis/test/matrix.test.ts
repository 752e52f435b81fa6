import t from 'tap'
import { cellOf, oddColumns } from '../src/matrix.ts'
import { createWorld, good, present, rounds, timeout } from './world.ts'

t.test('a healthy fleet has no odd column', async (t) => {
  const world = createWorld(['b', 'a'])
  rounds(world, 5, () => good())
  t.same(oddColumns(world.fleet), { failing: [], differing: [] })
})

t.test('odd columns have the cell of every node that asks, in order', async (t) => {
  const world = createWorld(['b', 'c', 'a'])
  rounds(world, 5, (node, vantage, probe) =>
    node === 'b' && vantage === 'pod' && probe !== 2
      ? timeout
      : good(node === 'c' && probe === 2 ? ['10.9.9.9'] : ['10.96.0.1']),
  )
  const { failing, differing } = oddColumns(world.fleet)
  t.same(
    failing.map(({ odd: [cell] }) => `${cell?.vantage} ${cell?.target.role} ${cell?.planned.transport}`),
    ['pod node-local udp', 'pod node-local tcp', 'pod cluster-dns tcp', 'pod endpoint udp'],
  )
  t.same(
    failing[0]?.healthy.map(({ node }) => node),
    ['a', 'c'],
  )
  t.same(
    differing.map(([cell]) => `${cell?.vantage} ${cell?.probe}`),
    ['host 2', 'pod 2'],
  )
  t.throws(() => cellOf(present(failing[0]?.odd[0]).agent, 9), RangeError)
})
