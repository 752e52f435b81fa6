import t from 'tap'
import { cellOf } from '../src/cell.ts'
import { updateLedger } from '../src/ledger.ts'
import { cellsOfColumn, oddColumns } from '../src/odd-columns.ts'
import { createWorld, good, oddColumnsOf, present, push, rounds, timeout } from './world.ts'

t.test('a healthy fleet has no odd column', async (t) => {
  const world = createWorld(['b', 'a'])
  rounds(world, 5, () => good())
  t.same(oddColumnsOf(world.fleet), { failing: [], differing: [] })
})

t.test('odd columns have the cell of every node that asks, in order', async (t) => {
  const world = createWorld(['b', 'c', 'a'])
  rounds(world, 5, (node, vantage, probe) =>
    node === 'b' && vantage === 'pod' && probe !== 2
      ? timeout
      : good(node === 'c' && probe === 2 ? ['10.9.9.9'] : ['10.96.0.1']),
  )
  const { failing, differing } = oddColumnsOf(world.fleet)
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

t.test('what is accounted for is left out, be it failing or answering otherwise', async (t) => {
  const world = createWorld(['a', 'b', 'c'])
  rounds(world, 5, (node, _, probe) =>
    node === 'b' && probe < 2 ? timeout : good(node === 'c' && probe === 2 ? ['10.9.9.9'] : ['10.96.0.1']),
  )
  updateLedger(world.fleet.ledger, world.fleet.agents)
  const rest = oddColumns(world.fleet, (agent, probe) => agent.vantage === 'pod' && probe !== 1)
  t.same(
    rest.failing.map(({ odd: [cell] }) => `${cell?.vantage} ${cell?.probe}`),
    ['host 0', 'host 1', 'pod 1'],
  )
  t.same(
    rest.differing.map(([cell]) => `${cell?.vantage} ${cell?.probe}`),
    ['host 2'],
  )
})

t.test('where nobody is well the first nodes stand for all, and are counted all the same', async (t) => {
  const names = Array.from({ length: 9 }, (_, i) => `n${i}`)
  const world = createWorld(names)
  rounds(world, 5, () => timeout)
  const [column] = oddColumnsOf(world.fleet).failing
  t.match(column, { failing: 9, healthyCount: 0, waiting: 0, healthy: [] })
  t.same(
    column?.odd.map(({ node }) => node),
    ['n0', 'n1', 'n2'],
  )
})

t.test('who was not asked since it began tells nothing yet', async (t) => {
  const world = createWorld(['a', 'b', 'c'])
  rounds(world, 5, () => good())
  for (let again = 0; again < 4; again++) {
    world.at += 5
    push(world, 'b', 'pod', () => timeout)
  }
  t.match(oddColumnsOf(world.fleet).failing[0], { failing: 1, healthyCount: 0, waiting: 2 })
  rounds(world, 1, (node, vantage) => (node === 'b' && vantage === 'pod' ? timeout : good()))
  t.match(oddColumnsOf(world.fleet).failing[0], { failing: 1, healthyCount: 2, waiting: 0 })
})

t.test('the cells of a column that have data', async (t) => {
  const world = createWorld(['a', 'b', 'c'])
  rounds(world, 5, (node) => (node === 'c' ? null : good()))
  updateLedger(world.fleet.ledger, world.fleet.agents)
  push(world, 'c', 'pod', () => good())
  updateLedger(world.fleet.ledger, world.fleet.agents)
  const [tally] = [...world.fleet.ledger.columns.values()].filter(({ vantage }) => vantage === 'pod')
  t.same(
    cellsOfColumn(world.fleet, present(tally)).map(({ node }) => node),
    ['a', 'b'],
  )
})

t.test('host before pod, whichever failed first', async (t) => {
  const world = createWorld(['a', 'b'])
  rounds(world, 5, (node, vantage) => (node === 'a' && vantage === 'pod' ? timeout : good()))
  rounds(world, 5, (node) => (node === 'a' ? good() : timeout))
  const { failing } = oddColumnsOf(world.fleet)
  t.same(
    failing.map(({ odd: [cell] }) => `${cell?.vantage} ${cell?.planned.transport} ${cell?.target.role}`),
    [
      'host udp node-local',
      'host tcp node-local',
      'host udp cluster-dns',
      'host tcp cluster-dns',
      'host udp endpoint',
      'pod udp node-local',
      'pod tcp node-local',
      'pod udp cluster-dns',
      'pod tcp cluster-dns',
      'pod udp endpoint',
    ],
  )
})
