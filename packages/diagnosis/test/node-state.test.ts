import t from 'tap'
import { applyTick } from '../src/apply.ts'
import { agentState, agentStatus, clockState, countProbes, nodeState } from '../src/node-state.ts'
import {
  aggregatorClock,
  clusterPlan,
  createWorld,
  good,
  ntpClock,
  present,
  rounds,
  timeout,
  type World,
} from './world.ts'

const node = (world: World, name = 'node-1') => present(world.fleet.nodes.get(name))
const agent = (world: World) => world.fleet.agents.get('pod/node-1')

t.test('agents', async (t) => {
  const world = createWorld(['node-1'])
  t.equal(
    agentStatus(
      world.fleet,
      { name: 'node-1', ready: null, attributes: {}, createdAt: null, cordoned: false, group: '', expected: ['pod'] },
      undefined,
      world.at,
    ),
    'expected',
  )
  rounds(world, 5, (_, vantage, probe) => (vantage === 'pod' && probe === 0 ? timeout : good()))
  t.equal(agentState(world.fleet, node(world), agent(world), world.at), 'failing')
  t.same(countProbes(present(agent(world))), { ok: 4, degraded: 0, failing: 1, noData: 0 })
  t.equal(nodeState(world.fleet, node(world), world.at), 'failing')
  t.equal(agentStatus(world.fleet, node(world), agent(world), world.at + 61), 'silent')
  t.equal(agentState(world.fleet, node(world), agent(world), world.at + 61), 'no-data')
  const restarted = { ...world.fleet, listeningSince: world.at + 1 }
  t.equal(agentStatus(restarted, node(world), agent(world), world.at + 2), 'silent', 'not heard since a restart')
  t.equal(nodeState(restarted, node(world), world.at + 2), 'no-data', 'and what was well is not well now')
  present(agent(world)).stopped = true
  t.equal(agentStatus(world.fleet, node(world), agent(world), world.at), 'stopped')
})

t.test('a node is ok only where every expected vantage was measured', async (t) => {
  const world = createWorld(['node-1'])
  rounds(world, 5, () => good())
  t.equal(nodeState(world.fleet, node(world), world.at), 'ok')
  rounds(world, 1, (_, __, probe) => (probe === 0 ? timeout : good()))
  t.equal(nodeState(world.fleet, node(world), world.at), 'degraded')
  const half = createWorld(['node-1'], undefined, ['host'])
  rounds(half, 5, () => good())
  t.equal(nodeState(half.fleet, { ...node(half), expected: ['host', 'pod'] }, half.at), 'no-data')
})

t.test('clocks', async (t) => {
  const world = createWorld(['node-1', 'node-2', 'node-3'])
  rounds(world, 5, () => good())
  t.same(clockState(world.fleet, node(world), world.at), { reading: null, state: 'no-data' })
  const sees = (name: string) => [
    aggregatorClock(name === 'node-1' ? -94 : 0),
    ntpClock(name === 'node-1' ? -94 : 0, '192.0.2.1', 0.01),
  ]
  rounds(world, 1, () => good(), { clock: sees })
  applyTick(world.fleet, world.at)
  t.match(clockState(world.fleet, node(world), world.at), {
    reading: { reference: 'ntp 192.0.2.1', offsetSeconds: -94 },
    state: 'failing',
  })
  t.match(clockState(world.fleet, node(world, 'node-2'), world.at), { state: 'ok' })
  t.equal(nodeState(world.fleet, node(world), world.at), 'failing')
})

t.test('a probe that is asked only after a truncated answer is missing only once it was asked', async (t) => {
  const probes = clusterPlan.probes.map((probe, i) => (i === 1 ? { ...probe, onlyAfterTruncation: true } : probe))
  const world = createWorld(['node-1'], { ...clusterPlan, id: 'b2', probes })
  const counts = () => countProbes(present(agent(world)))
  rounds(world, 5, (_, __, probe) => (probe === 1 ? null : good()))
  t.same(counts(), { ok: 4, degraded: 0, failing: 0, noData: 0 })
  rounds(world, 1, () => good())
  t.same(counts(), { ok: 4, degraded: 0, failing: 0, noData: 1 }, 'one sample is too few')
})

t.test('an agent whose probes have too few samples has no data', async (t) => {
  const world = createWorld(['node-1'])
  rounds(world, 1, () => good())
  t.same(countProbes(present(agent(world))), { ok: 0, degraded: 0, failing: 0, noData: 5 })
  t.equal(agentState(world.fleet, node(world), agent(world), world.at), 'no-data')
  t.equal(nodeState(world.fleet, node(world), world.at), 'no-data')
})

t.test('a clock that is off by little is degraded, and the surest server is told', async (t) => {
  const world = createWorld(['node-1', 'node-2', 'node-3'])
  rounds(world, 60, () => good(), {
    clock: (name) => {
      const offset = name === 'node-1' ? 0.3 : 0
      return [aggregatorClock(offset), ntpClock(offset, '192.0.2.1', 0.02), ntpClock(offset, '192.0.2.2', 0.01)]
    },
  })
  applyTick(world.fleet, world.at)
  t.match(clockState(world.fleet, node(world), world.at), {
    reading: { reference: 'ntp 192.0.2.2' },
    state: 'degraded',
  })
})
