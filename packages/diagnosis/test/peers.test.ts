import t from 'tap'
import { cellOf } from '../src/cell.ts'
import { updateLedger } from '../src/ledger.ts'
import { columnOf, columnsOf, endpointOf, healthyBeside, othersOk } from '../src/peers.ts'
import { faultWorld } from './faults/fault-world.ts'
import {
  clusterDns,
  createWorld,
  endpoint,
  good,
  planOf,
  present,
  push,
  rounds,
  type Sees,
  timeout,
  type World,
} from './world.ts'

const nodes = ['a', 'b', 'c', 'd']
const worldWith = (sees: Sees, names = nodes): World => {
  const world = createWorld(names)
  rounds(world, 5, () => good())
  rounds(world, 5, sees)
  updateLedger(world.fleet.ledger, world.fleet.agents)
  return world
}
const cell = ({ fleet }: World, node: string, probe = 0) => cellOf(present(fleet.agents.get(`pod/${node}`)), probe)
const badOn =
  (...odd: string[]): Sees =>
  (node, vantage, probe) =>
    odd.includes(node) && vantage === 'pod' && probe === 0 ? timeout : good()
const since = (world: World) => world.at - 70

t.test('the same probe on the other nodes: the first healthy ones by name, seen well since', async (t) => {
  const world = worldWith(badOn('b'))
  const beside = (most?: number) => healthyBeside(world.fleet, cell(world, 'b'), since(world), most)
  t.same(
    beside(9).map(({ node, vantage, probe }) => [node, vantage, probe]),
    [
      ['a', 'pod', 0],
      ['c', 'pod', 0],
      ['d', 'pod', 0],
    ],
  )
  t.same(
    beside().map(({ node }) => node),
    ['a'],
  )
  t.same(healthyBeside(world.fleet, cell(world, 'b'), world.at), [], 'what was well before says nothing')
})

t.test('only nodes of the group are compared', async (t) => {
  const world = worldWith(badOn('b'))
  present(world.fleet.nodes.get('b')).group = 'windows'
  t.same(healthyBeside(world.fleet, cell(world, 'b'), since(world)), [])
  present(world.fleet.nodes.get('d')).group = 'windows'
  t.match(healthyBeside(world.fleet, cell(world, 'b'), since(world), 9), [{ node: 'd' }])
})

t.test('another plan may ask the same at another place', async (t) => {
  const world = worldWith(badOn('b'))
  world.plan = planOf(
    [
      { role: 'cluster-dns', address: clusterDns },
      { role: 'node-local', address: '169.254.20.10' },
    ],
    'b2',
  )
  for (let round = 0; round < 3; round++) {
    world.at += 15
    push(world, 'a', 'pod', () => good())
  }
  t.match(healthyBeside(world.fleet, cell(world, 'b'), since(world)), [{ node: 'a', probe: 1 }])
})

t.test('whether most others are well', async (t) => {
  const others = (world: World, at = since(world)) => othersOk(world.fleet, cell(world, 'b'), at)
  t.equal(others(worldWith(badOn('b'))), 'yes')
  t.equal(others(worldWith(badOn('b', 'c'))), 'yes', 'one of three others')
  t.equal(others(worldWith(badOn('b', 'c', 'd'))), 'no')
  t.equal(others(worldWith(badOn('b', 'c'), ['a', 'b', 'c'])), 'no', 'half of them is not most')
  t.equal(others(worldWith(badOn('b'), ['b'])), 'no-data', 'there is no other')
  const world = worldWith(badOn('b'))
  t.equal(others(world, world.at), 'wait')
})

t.test('columns, and what the API says of a pod', async (t) => {
  const world = worldWith(badOn('b'))
  t.match(columnOf(world.fleet, cell(world, 'b')), { ok: 3, failing: 1, vantage: 'pod', question: 'kubernetes' })
  const other = createWorld(['a'])
  rounds(other, 1, () => good())
  t.equal(columnOf(other.fleet, cell(other, 'a')), undefined, 'nothing was counted yet')
  t.equal(columnsOf(world.fleet, { role: 'endpoint', address: endpoint, port: 53 }).length, 2, 'host and pod')
  t.same(columnsOf(world.fleet, { role: 'endpoint', address: '10.244.9.9', port: 53 }), [])
  t.equal(endpointOf(world.fleet, { address: endpoint }), null)
  const { fleet } = faultWorld().world
  t.match(endpointOf(fleet, { address: '10.244.1.2' }), { pod: 'coredns-1', node: 'node-1' })
  t.equal(endpointOf(fleet, { address: '10.244.9.9' }), null)
  const plain = columnsOf(fleet, { role: 'cluster-dns', address: '10.96.0.10', port: 53 })
  t.ok(plain.length > 0 && plain.every((column) => column.plain))
})

t.test('without data there is nobody to compare with', async (t) => {
  const world = createWorld(['a', 'b'])
  rounds(world, 1, () => good())
  t.same(healthyBeside(world.fleet, cell(world, 'a'), 0), [], 'nothing was counted yet')
  t.equal(othersOk(world.fleet, cell(world, 'a'), 0), 'no-data')
})

t.test('a cell that is well itself is not one of the others', async (t) => {
  const others = (...odd: string[]) => {
    const world = worldWith(badOn(...odd))
    return othersOk(world.fleet, cell(world, 'a'), since(world))
  }
  t.equal(others('b'), 'yes')
  t.equal(others('b', 'c', 'd'), 'no', 'it alone is well')
})

t.test('an answer after a lost one is an answer', async (t) => {
  const world = worldWith(badOn('b'))
  rounds(world, 1, badOn('a', 'b'))
  rounds(world, 1, badOn('b'))
  updateLedger(world.fleet.ledger, world.fleet.agents)
  t.match(healthyBeside(world.fleet, cell(world, 'b'), since(world)), [{ node: 'a' }])
})
