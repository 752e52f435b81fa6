import { applyCluster, applyRound, createFleet, defaultThresholds, type RoundInput } from '@oddnode/diagnosis'
import type { Cluster, Plan } from '@oddnode/protocol'
import t from 'tap'
import { createHistory } from '../src/history.ts'
import type { Batch } from '../src/store/store.ts'
import { clusterOf } from './cluster/cluster-of.ts'
import { boot, clockSample, clusterPlan, roundOf, samplesOf } from './pushing.ts'

const plan = clusterPlan('host')

function rig() {
  const fleet = createFleet(1000, defaultThresholds)
  const history = createHistory(fleet)
  let counter = 0
  const push = (at: number, changes: Partial<RoundInput['round']> = {}, of: Plan = plan): Partial<Batch> | null => {
    const known = fleet.agents.get('host/a')
    const before = known === undefined ? null : { plan: known.plan, lastSeen: known.lastSeen }
    const round = roundOf(of, [], changes as object)
    const input = {
      node: 'a',
      vantage: 'host',
      boot,
      counter: counter++,
      receivedAt: at,
      round,
      samples: samplesOf(of),
      plan: of,
    } as const
    const effect = applyRound(fleet, input)
    const agent = fleet.agents.get('host/a')
    if (agent === undefined) throw new Error('no agent')
    return history.pushed(agent, effect, before, at)
  }
  const look = (at: number) => {
    const agent = fleet.agents.get('host/a')
    if (agent === undefined) throw new Error('no agent')
    return history.looked(agent, at)
  }
  return { fleet, history, push, look }
}

t.test('an agent and its node are noted once', async (t) => {
  const { push, look } = rig()
  t.match(push(1000), {
    agentChanges: [{ notedAt: 1000, agent: 'host/a', presence: { planId: plan.id, lastSeen: null } }],
    nodeChanges: [{ notedAt: 1000, name: 'a', node: { expected: ['host'] } }],
    changes: [],
  })
  t.equal(push(1015), null)
  t.strictSame(look(1016), [])
})

t.test('a clock is noted when it moved, and when the aggregator begins to listen anew', async (t) => {
  const { push, fleet, history } = rig()
  t.match(push(1000, { clock: [clockSample(0.001)] })?.clocks, [{ notedAt: 1000 }])
  t.equal(push(1015, { clock: [clockSample(0.002)] }), null)
  t.match(push(1030, { clock: [clockSample(-94)] }), { clocks: [{ notedAt: 1030, agent: 'host/a' }] })
  fleet.listeningSince = 1040
  history.ticked(1041)
  t.match(push(1045, { clock: [clockSample(-94)] })?.clocks, [{ notedAt: 1045 }])
})

t.test('a version, a goodbye and facts', async (t) => {
  const { push, look } = rig()
  push(1000)
  push(1015, { version: '0.2.0' })
  t.match(look(1016), [{ notedAt: 1016, presence: { version: '0.2.0' } }], 'when somebody looks')
  t.match(push(1030, { version: '0.2.0', kind: 'goodbye' })?.agentChanges, [{ presence: { stopped: true } }])
  const facts = { system: { kernel: '6.1', os: 'Debian', hostname: 'a', nodeVersion: 'v24' } }
  t.match(push(1045, { facts, version: '0.2.0' })?.nodeChanges, [{ node: { attributes: { kernel: '6.1' } } }])
})

t.test('who falls silent was heard last then, and is back with the next push', async (t) => {
  const { push, look } = rig()
  push(1000)
  push(1015)
  t.strictSame(look(1050), [])
  t.match(look(1060), [{ notedAt: 1015, presence: { lastSeen: 1015 } }])
  t.strictSame(look(1120), [], 'once')
  t.match(push(1130)?.agentChanges, [{ notedAt: 1130, presence: { lastSeen: null } }])
})

t.test('a silence that nobody looked at is noted when it is over', async (t) => {
  const { push } = rig()
  push(1000)
  t.match(push(1100)?.agentChanges, [
    { notedAt: 1000, presence: { lastSeen: 1000 } },
    { notedAt: 1100, presence: { lastSeen: null } },
  ])
})

t.test('probes that leave the plan', async (t) => {
  const { push } = rig()
  push(1000)
  const target = { role: 'cluster-dns', address: '10.96.0.10', port: 53, learnedFrom: 'kubernetes' } as const
  const smaller = clusterPlan('host', { targets: [target] })
  const changes = push(1015, {}, smaller)?.changes ?? []
  t.equal(changes.length, plan.probes.length - smaller.probes.length)
  t.ok(changes.every(({ state, key }) => state === null && !key.includes('10.96.0.10')))
})

const node = (name: string, ready = true): Cluster['nodes'][number] => ({
  name,
  ready,
  cordoned: false,
  createdAt: null,
  attributes: {},
  group: '',
  expected: ['host'],
})

t.test("what the cluster's picture changes", async (t) => {
  const { fleet, history, push } = rig()
  push(1000)
  const take = (at: number, changes: Partial<Cluster>) => {
    applyCluster(fleet, at, { ...clusterOf(), ...changes })
    return history.clusterTaken(at)
  }
  const first = take(1001, { nodes: [node('a'), node('b')], hidden: ['Services'] })
  t.match(first.nodeChanges, [{ name: 'a', node: { ready: true } }, { name: 'b' }])
  t.match(first.pictures, [{ notedAt: 1001, hidden: ['Services'] }])
  const same = take(1002, { nodes: [node('a'), node('b')], hidden: ['Services'] })
  t.match(same, { nodeChanges: [], agentChanges: [], pictures: [] })
  t.match(take(1003, { nodes: [node('a', false), node('b')], hidden: [] }), {
    nodeChanges: [{ name: 'a', node: { ready: false } }],
    pictures: [{ hidden: [] }],
  })
  t.match(take(1004, { nodes: [node('b')], hidden: [] }), {
    nodeChanges: [{ name: 'a', node: null }],
    agentChanges: [{ agent: 'host/a', presence: null }],
  })
})

t.test('all is noted again when the aggregator begins to listen anew', async (t) => {
  const { fleet, history, push } = rig()
  t.match(history.ticked(1000), { nodeChanges: [], agentChanges: [] })
  push(1001)
  t.equal(history.ticked(1002), null)
  fleet.listeningSince = 2000
  t.match(history.ticked(2000), { nodeChanges: [{ name: 'a' }], agentChanges: [{ notedAt: 2000, agent: 'host/a' }] })
  t.match(history.all(2001), { agentChanges: [{ notedAt: 2001, presence: { lastSeen: 1001 } }] }, 'not heard since')
  t.equal(history.ticked(2002), null)
  t.match(push(2003)?.agentChanges, [{ notedAt: 2003, presence: { lastSeen: null } }], 'it is heard again')
})
