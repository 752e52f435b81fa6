import t from 'tap'
import { applyCluster, applyRound, applyTick, type RoundInput } from '../src/apply.ts'
import { createFleet } from '../src/fleet.ts'
import { defaultThresholds } from '../src/thresholds.ts'
import { probeState } from '../src/window.ts'
import {
  aggregatorClock,
  clusterNode,
  clusterOf,
  clusterPlan,
  createWorld,
  good,
  ntpClock,
  planOf,
  present,
  push,
  rounds,
  samplesOf,
  start,
  timeout,
} from './world.ts'

const input = (changes: Partial<RoundInput> = {}): RoundInput => ({
  node: 'node-1',
  vantage: 'pod',
  boot: '0123456789abcdef',
  counter: 0,
  receivedAt: start + 15,
  round: { version: '0.1.0', kind: 'regular', ageSeconds: 0, droppedRounds: 0 },
  samples: samplesOf(clusterPlan, () => good()),
  plan: clusterPlan,
  ...changes,
})
const fleetOf = () => createFleet(start, defaultThresholds)
t.test('agent and node come into being with the first push', async (t) => {
  const fleet = fleetOf()
  t.match(applyRound(fleet, input()), { duplicate: false, newAgent: true, agent: 'pod/node-1', changes: [] })
  t.match(fleet.nodes.get('node-1'), { ready: null, expected: ['pod'] })
  applyRound(fleet, input({ vantage: 'host' }))
  t.same(fleet.nodes.get('node-1')?.expected, ['host', 'pod'])
  t.match(fleet.agents.get('pod/node-1'), {
    version: '0.1.0',
    firstSeen: start + 15,
    lastSeen: start + 15,
    stopped: false,
  })
})

t.test('a repeat changes nothing', async (t) => {
  const fleet = fleetOf()
  applyRound(fleet, input())
  t.match(applyRound(fleet, input({ receivedAt: start + 20 })), { duplicate: true, newAgent: false, changes: [] })
  t.equal(probeState(present(fleet.agents.get('pod/node-1')).windows, 0).asked, 1)
})

t.test('trap 13: rounds are ordered by receive time and age, whatever the agent’s clock says', async (t) => {
  const fleet = fleetOf()
  const bad = samplesOf(clusterPlan, () => timeout)
  applyRound(fleet, input({ counter: 3, receivedAt: start + 600 }))
  for (const [counter, ageSeconds] of [
    [2, 15],
    [1, 30],
    [0, 45],
  ] as const) {
    applyRound(
      fleet,
      input({ counter, receivedAt: start + 600, samples: bad, round: { ...input().round, ageSeconds } }),
    )
  }
  const state = probeState(present(fleet.agents.get('pod/node-1')).windows, 0)
  t.match(state, { state: 'failing', since: start + 555, lastSampleAt: start + 600, goodInARow: 1 })
})

t.test('goodbye stops an agent, any later round clears it', async (t) => {
  const fleet = fleetOf()
  applyRound(fleet, input({ round: { ...input().round, kind: 'goodbye' } }))
  t.equal(fleet.agents.get('pod/node-1')?.stopped, true)
  applyRound(fleet, input({ boot: 'fedcba9876543210' }))
  t.equal(fleet.agents.get('pod/node-1')?.stopped, false)
})

t.test('a changed plan keeps what it has in common; rounds of the old plan still find their place', async (t) => {
  const fleet = fleetOf()
  const [first, second] = [
    clusterPlan,
    planOf(
      [
        { role: 'upstream', address: '192.0.2.1' },
        { role: 'endpoint', address: '10.244.0.7' },
      ],
      'b2',
    ),
  ]
  for (let counter = 0; counter < 3; counter++) applyRound(fleet, input({ counter, receivedAt: start + 15 * counter }))
  const effect = applyRound(
    fleet,
    input({ counter: 4, receivedAt: start + 60, plan: second, samples: samplesOf(second, () => good()) }),
  )
  t.equal(effect.planChanged, true)
  applyRound(
    fleet,
    input({ counter: 3, receivedAt: start + 61, plan: first, round: { ...input().round, ageSeconds: 16 } }),
  )
  const agent = present(fleet.agents.get('pod/node-1'))
  t.equal(agent.plan.id, 'b2')
  t.match(probeState(agent.windows, 0), { asked: 1 })
  t.match(probeState(agent.windows, 1), { asked: 5, state: 'ok' })
})

t.test('facts say what a node is where no Kubernetes does', async (t) => {
  const fleet = fleetOf()
  const system = { kernel: '6.12.1', os: 'Debian 13', hostname: 'node-1', nodeVersion: 'v24' }
  t.equal(applyRound(fleet, input({ round: { ...input().round, facts: { system } } })).factsChanged, true)
  t.same(fleet.nodes.get('node-1')?.attributes, { kernel: '6.12.1', os: 'Debian 13' })
  t.equal(applyRound(fleet, input({ counter: 1 })).factsChanged, false)
})

t.test('the newest reading of each clock reference is kept, one of the aggregator whatever its address', async (t) => {
  const fleet = fleetOf()
  const elsewhere = { ...aggregatorClock(2), reference: { kind: 'aggregator', address: '10.0.0.2' } } as const
  applyRound(fleet, input({ round: { ...input().round, clock: [aggregatorClock(1)] } }))
  applyRound(fleet, input({ counter: 2, receivedAt: start + 45, round: { ...input().round, clock: [elsewhere] } }))
  applyRound(
    fleet,
    input({
      counter: 1,
      receivedAt: start + 46,
      round: { ...input().round, ageSeconds: 16, clock: [aggregatorClock(3)] },
    }),
  )
  t.match(fleet.agents.get('pod/node-1')?.clocks, [{ sample: { offsetSeconds: 2 }, takenAt: start + 45 }])
  t.equal(fleet.agents.get('pod/node-1')?.clocks.length, 1)
})

t.test(
  'a node that Kubernetes deleted takes its agents and findings along; one that is not named yet stays',
  async (t) => {
    const world = createWorld(['node-1', 'node-2', 'node-3'])
    applyCluster(world.fleet, start, clusterOf(world.nodes.map((name) => clusterNode(name))))
    rounds(world, 8, (node) => (node === 'node-2' ? timeout : good()))
    t.equal(applyTick(world.fleet, world.at).findings.opened.length, 1)
    push({ ...world, nodes: [] }, 'node-4', 'pod', () => good())
    applyCluster(world.fleet, world.at + 1, clusterOf(['node-1', 'node-3'].map((name) => clusterNode(name))))
    t.same([...world.fleet.nodes.keys()].sort(), ['node-1', 'node-3', 'node-4'])
    t.notOk(world.fleet.agents.has('pod/node-2'))
    t.match(applyTick(world.fleet, world.at + 2).findings, { opened: [], ended: [{ fault: 'unexplained-difference' }] })
  },
)

t.test('a tick makes stale what nobody tells any more, but not before the aggregator has listened', async (t) => {
  const world = createWorld(['node-1'])
  rounds(world, 3, () => good())
  t.same(applyTick(world.fleet, start + 46).changes, [])
  const { changes } = applyTick(world.fleet, world.at + 61)
  t.equal(changes.length, 10)
  t.match(changes[0], { agent: 'host/node-1', planId: 'a1', from: 'ok', to: 'no-data' })
  const young = createWorld(['node-1'])
  rounds(young, 3, () => good())
  young.fleet.listeningSince = young.at + 50
  t.same(applyTick(young.fleet, young.at + 61).changes, [])
})

t.test(
  'clock references are bounded: of an agent that names a new one with each push the newest are kept',
  async (t) => {
    const fleet = fleetOf()
    for (let counter = 0; counter < 100; counter++) {
      const clock = Array.from({ length: 32 }, (_, i) => ntpClock(0, `192.0.${counter}.${i}`))
      applyRound(fleet, input({ counter, receivedAt: start + 15 * counter, round: { ...input().round, clock } }))
    }
    const { clocks } = present(fleet.agents.get('pod/node-1'))
    t.equal(clocks.length, 32)
    t.ok(clocks.every(({ sample }) => sample.reference.address.startsWith('192.0.99.')))
  },
)

t.test('where nobody is heard any more not everything becomes stale in one go', async (t) => {
  const names = Array.from({ length: 250 }, (_, i) => `n${i}`)
  const world = createWorld(names)
  rounds(world, 4, () => good())
  const [first, second] = [0, 0.1].map((seconds) => applyTick(world.fleet, world.at + 61 + seconds))
  t.equal(first?.changes.length, 2000)
  t.ok((first?.findings.waiting ?? 0) > 0)
  t.equal(second?.changes.length, 500)
})
