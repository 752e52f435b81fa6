import { createFleet, defaultThresholds, probeState, type Remembered, remember } from '@oddnode/diagnosis'
import t from 'tap'
import { createEvaluation } from '../src/evaluation.ts'
import { createHistory } from '../src/history.ts'
import { clockRows, rememberWhole, snapshotOf } from '../src/memory.ts'
import { boot, clockSample, clusterPlan, healthy, roundOf, samplesOf, timeout } from './pushing.ts'

const plan = clusterPlan('host')

function livedFleet() {
  let now = 1000
  const fleet = createFleet(now, defaultThresholds)
  const evaluation = createEvaluation({
    fleet,
    history: createHistory(fleet),
    now: () => now,
    record: () => {},
    committed: () => null,
    onEvaluation: () => {},
    recording: () => null,
  })
  for (let counter = 0; counter < 6; counter++) {
    const round = roundOf(plan, [], {
      clock: [clockSample(0.001)],
      facts: { system: { kernel: '6.1', os: 'Debian', hostname: 'a', nodeVersion: 'v24' } },
    })
    const samples = samplesOf(plan, (of, probe) => (of.probes[probe]?.target === 0 ? timeout() : healthy(of, probe)))
    evaluation.take({ node: 'a', vantage: 'host', boot, counter, receivedAt: now, round, samples, plan })
    now += 15
    evaluation.tick()
  }
  return fleet
}

/** What a store would give back of a snapshot. */
function rememberedOf(fleet: ReturnType<typeof livedFleet>): Remembered {
  const { plans, agents, states, facts, clocks, findings } = snapshotOf(fleet, createHistory(fleet))
  return {
    plans: new Map(plans.map((one) => [one.id, one])),
    agents: agents.map((agent) => ({
      ...agent,
      states: states.map(({ state }) => state),
      facts: facts[0]?.facts ?? null,
      clocks: clocks.map(({ reading }) => reading),
    })),
    findings: findings.map(({ finding }) => finding),
  }
}

t.test('a fleet is the same after a restart: states, findings, facts, clocks, applied rounds', async (t) => {
  const before = livedFleet()
  const after = createFleet(2000, defaultThresholds)
  remember(after, rememberedOf(before), (one) => one)
  const old = before.agents.get('host/a')
  const restored = after.agents.get('host/a')
  if (!old || !restored) throw new Error('no agent')
  for (const probe of plan.probes.keys()) {
    t.strictSame(probeState(restored.windows, probe).state, probeState(old.windows, probe).state)
    t.strictSame(probeState(restored.windows, probe).since, probeState(old.windows, probe).since)
  }
  t.strictSame([...after.findings], [...before.findings])
  t.ok(after.findings.size > 0)
  t.strictSame(restored.applied, old.applied)
  t.strictSame(restored.facts, old.facts)
  t.strictSame(restored.clocks, old.clocks)
  t.match(after.nodes.get('a'), { expected: ['host'], attributes: { kernel: '6.1' } })
})

t.test('what cannot be remembered whole is not remembered at all', async (t) => {
  const remembered = rememberedOf(livedFleet())
  const [agent] = remembered.agents
  if (!agent) throw new Error('no agent')
  const fleet = createFleet(2000, defaultThresholds)
  const none = { ...remembered, agents: [], findings: [] }
  rememberWhole(fleet, { ...none, agents: [{ ...agent, vantage: 'pod' }] }, (one) => one)
  const expected = fleet.nodes.get('a')?.expected
  let interned = 0
  const failing = (one: typeof plan) => {
    if (++interned === 3) throw new TypeError('a hole')
    return one
  }
  const agents = ['a', 'b', 'c'].map((node) => ({ ...agent, node }))
  t.throws(() => rememberWhole(fleet, { ...remembered, agents }, failing), { message: 'a hole' })
  t.strictSame([...fleet.agents.keys()], ['pod/a'])
  t.strictSame([...fleet.nodes.keys()], ['a'])
  t.equal(fleet.nodes.get('a')?.expected, expected)
  t.equal(fleet.findings.size, 0)
  rememberWhole(fleet, { ...remembered, agents }, (one) => one)
  t.strictSame([...fleet.nodes.keys()], ['a', 'b', 'c'], 'and what can be is')
})

t.test('what is known already is newer than what is remembered', async (t) => {
  const before = livedFleet()
  const fleet = livedFleet()
  const known = fleet.agents.get('host/a')
  remember(fleet, rememberedOf(before), (one) => one)
  t.equal(fleet.agents.get('host/a'), known)
})

t.test('an agent whose plan is lost, and both vantages of a node', async (t) => {
  const remembered = rememberedOf(livedFleet())
  const [agent] = remembered.agents
  if (!agent) throw new Error('no agent')
  const fleet = createFleet(2000, defaultThresholds)
  const lost = { ...agent, node: 'lost', planId: 'ffff' }
  remember(fleet, { ...remembered, agents: [lost, { ...agent, vantage: 'pod', facts: null }, agent] }, (one) => one)
  t.strictSame([...fleet.nodes.keys()], ['a'])
  t.match(fleet.nodes.get('a'), { expected: ['host', 'pod'] })
})

t.test('a snapshot tells all that is known of the past from now on', async (t) => {
  const fleet = livedFleet()
  const { changes, agentChanges, nodeChanges, states } = snapshotOf(fleet, createHistory(fleet))
  t.equal(changes.length, states.length)
  t.ok(changes.every(({ notedAt, agent }) => notedAt === fleet.now && agent === 'host/a'))
  t.match(agentChanges, [{ agent: 'host/a', presence: { lastSeen: null } }])
  t.match(nodeChanges, [{ name: 'a', node: { expected: ['host'] } }])
})

t.test('clock rows', async (t) => {
  const agent = livedFleet().agents.get('host/a')
  t.match(agent && clockRows(agent), [
    { notedAt: agent?.lastSeen, agent: 'host/a', reading: { sample: { offsetSeconds: 0.001 } } },
  ])
})
