import t from 'tap'
import { applyCluster, applyTick } from '../src/apply.ts'
import { verdictOf } from '../src/verdict.ts'
import {
  aggregatorClock,
  clusterNode,
  clusterOf,
  createWorld,
  good,
  planOf,
  rounds,
  servfail,
  timeout,
  type World,
} from './world.ts'

const verdict = (world: World) => {
  applyTick(world.fleet, world.at)
  return verdictOf(world.fleet)
}

t.test('never well without data', async (t) => {
  const world = createWorld(['node-1'])
  t.match(verdict(world), { state: 'no-data', sentence: 'Nothing is known yet: no agent has reported.' })
  rounds(world, 1, () => good())
  t.match(verdict(world), {
    state: 'no-data',
    sentence: /^Nothing is known yet: 1 of 1 node and 2 of 2 agents report, and no probe has enough samples\.$/,
  })
})

t.test('well, with what was and what was not looked at', async (t) => {
  const world = createWorld(['node-1', 'node-2'])
  rounds(world, 5, (_, __, probe) => (probe === 4 ? null : good()))
  t.match(verdict(world), {
    state: 'ok',
    sentence:
      'No finding: 2 of 2 nodes and 4 of 4 agents report, 16 of 16 probes with data are well. 4 probes have no data.',
    probes: { ok: 16, noData: 4 },
  })
})

t.test('what is wrong, with its denominator', async (t) => {
  const world = createWorld(['node-1', 'node-2', 'node-3'])
  rounds(world, 6, (node) => (node === 'node-2' ? timeout : good()))
  t.match(verdict(world), {
    state: 'failing',
    sentence: /^1 of 3 nodes differs: node-2 differs from 2 comparable nodes: /,
    nodes: { odd: 1, expected: 3 },
  })
})

t.test('one machine needs no denominator', async (t) => {
  const world = createWorld(['host'], planOf([{ role: 'resolv-conf', address: '192.0.2.53' }]), ['host'])
  rounds(world, 6, () => timeout)
  t.match(verdict(world).sentence, /^node host gets no answer \(timeout\)/)
})

t.test('failing probes without a finding yet are not well', async (t) => {
  const world = createWorld(['node-1', 'node-2', 'node-3'])
  rounds(world, 4, (node) => (node === 'node-2' ? timeout : good()))
  t.match(verdict(world), {
    state: 'degraded',
    sentence: /^10 of 30 probes fail on node-2, and are asked again until it is decided\./,
  })
})

t.test('a silent node is named as not reporting', async (t) => {
  const world = createWorld(['node-1', 'node-2', 'node-3'])
  rounds(world, 5, () => good())
  rounds(world, 6, (node) => (node === 'node-2' ? null : good()))
  t.match(verdict(world), {
    state: 'failing',
    sentence: /1 node does not report, 10 probes have no data\.$/,
    nodes: { reporting: 2 },
  })
})

t.test('several odd nodes, and more than one finding', async (t) => {
  const world = createWorld(['node-1', 'node-2', 'node-3', 'node-4'])
  rounds(world, 5, () => good())
  rounds(world, 6, (node, _, probe) => {
    if (node === 'node-2' && probe < 2) return timeout
    return node === 'node-3' && probe === 4 ? servfail : good()
  })
  t.match(verdict(world).sentence, /^2 of 4 nodes differ: .* And 1 more finding\.$/)
})

t.test('one failing probe, and more nodes than are named', async (t) => {
  const one = createWorld(['node-1', 'node-2', 'node-3'])
  rounds(one, 4, (node, vantage, probe) => (node === 'node-2' && vantage === 'pod' && probe === 0 ? timeout : good()))
  t.match(verdict(one).sentence, /^1 of 30 probes fails on node-2, and is asked again until it is decided\.$/)
  const many = createWorld(['a', 'b', 'c', 'd', 'e', 'f'])
  rounds(many, 4, (node, vantage, probe) => (node < 'e' && vantage === 'pod' && probe === 4 ? servfail : good()))
  t.match(verdict(many).sentence, /^4 of 60 probes fail on a, b, c and 1 more, and are asked again/)
})

t.test('degraded probes are counted beside those that are well', async (t) => {
  const world = createWorld(['node-1', 'node-2'])
  rounds(world, 5, () => good())
  rounds(world, 1, (node, vantage, probe) => (node === 'node-1' && vantage === 'pod' && probe === 0 ? timeout : good()))
  t.match(verdict(world), {
    state: 'ok',
    sentence: 'No finding: 2 of 2 nodes and 4 of 4 agents report, 19 of 20 probes with data are well, 1 degraded.',
  })
})

t.test('one probe that is well, and one without data', async (t) => {
  const world = createWorld(['host'], planOf([{ role: 'resolv-conf', address: '192.0.2.53' }]), ['host'])
  rounds(world, 5, () => good())
  t.match(verdict(world).sentence, /, 1 of 1 probe with data is well\.$/)
  const two = createWorld(
    ['host'],
    planOf([
      { role: 'resolv-conf', address: '192.0.2.53' },
      { role: 'resolv-conf', address: '192.0.2.54' },
    ]),
    ['host'],
  )
  rounds(two, 5, (_, __, probe) => (probe === 0 ? good() : null))
  t.match(verdict(two).sentence, / 1 probe has no data\.$/)
})

t.test('nodes that the API knows, and of which no agent was ever heard', async (t) => {
  const world = createWorld(['node-1'])
  applyCluster(world.fleet, world.at, clusterOf(['node-1', 'node-2', 'node-3'].map((name) => clusterNode(name))))
  rounds(world, 3, () => good())
  t.match(verdict(world), {
    sentence: / 2 nodes do not report\.$/,
    nodes: { expected: 3, reporting: 1 },
    agents: { expected: 6, reporting: 2 },
  })
})

t.test('a warning alone is degraded', async (t) => {
  const world = createWorld(['node-1', 'node-2', 'node-3'])
  rounds(world, 5, () => good(), { clock: (node) => [aggregatorClock(node === 'node-2' ? 0.7 : 0)] })
  t.match(verdict(world), { state: 'degraded', sentence: /^1 of 3 nodes differs: / })
})
