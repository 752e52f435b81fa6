import type { Finding, Plan } from '@oddnode/protocol'
import t from 'tap'
import { applyCluster, applyTick } from '../src/apply.ts'
import { visibleFindings } from '../src/evaluate.ts'
import { createFleet, type Fleet } from '../src/fleet.ts'
import { type RememberedAgent, remember } from '../src/remember.ts'
import { defaultThresholds } from '../src/thresholds.ts'
import { verdictOf } from '../src/verdict.ts'
import { probeState } from '../src/window.ts'
import { instant } from '../src/words.ts'
import { faultCluster, faultWorld, type Sees } from './faults/fault-world.ts'
import { present } from './world.ts'

const cut: Sees = (node, { vantage, role }) =>
  node === 'node-2' && vantage === 'pod' && role === 'node-local' ? 'timeout' : null
const same = (plan: Plan) => plan

/** What the store keeps of an agent. */
function kept({ agents }: Fleet): RememberedAgent[] {
  return [...agents.values()].map(({ plan, windows, applied, ...agent }) => ({
    ...agent,
    planId: plan.id,
    states: plan.probes.map((_, probe) => ({ ...probeState(windows, probe), probe })),
    applied: Object.fromEntries(
      [...applied].map(([boot, { through, above }]) => [boot, { through, above: [...above] }]),
    ),
  }))
}
const plansOf = ({ agents }: Fleet) => new Map([...agents.values()].map(({ plan }) => [plan.id, plan]))

/** The aggregator of a world starts again. */
function restart(world: ReturnType<typeof faultWorld>['world'], afterSeconds = 5): Fleet {
  const { fleet: before } = world
  const fleet = createFleet(world.at + afterSeconds, defaultThresholds)
  const findings = [...before.findings.values()].map((one): Finding => JSON.parse(JSON.stringify(one)))
  const agents = kept(before).map((one): RememberedAgent => JSON.parse(JSON.stringify(one)))
  remember(fleet, { plans: plansOf(before), agents, findings }, same)
  world.fleet = fleet
  return fleet
}

t.test('a finding outlives a restart with its name, its start and its end', async (t) => {
  const { world, run } = faultWorld()
  const [before] = run(8, cut)
  const fleet = restart(world)
  t.match(applyTick(fleet, world.at + 6).findings, { opened: [], ended: [] })
  const { id, since, story, severity } = present(before)
  t.match(visibleFindings(fleet), [{ id, since, story, severity, reopened: 0 }])
  applyCluster(fleet, world.at + 6, faultCluster())
  for (let round = 0; round < 8; round++) t.match(run(1, cut), [{ id, since, reopened: 0 }])
  t.equal(run(2, () => null).length, 1)
  t.same(
    run(1, () => null),
    [],
  )
  t.match([...fleet.findings.values()], [{ id, reopened: 0 }])
})

t.test('a fault that ended while nobody listened ends soon', async (t) => {
  const { world, run } = faultWorld()
  run(8, cut)
  restart(world, 300)
  world.at += 300
  t.equal(run(2, () => null).length, 1)
  t.same(
    run(1, () => null),
    [],
  )
})

t.test('one that flaps across a restart is the same one', async (t) => {
  const { world, run } = faultWorld()
  const [before] = run(8, cut)
  t.same(
    run(4, () => null),
    [],
  )
  restart(world)
  t.match(run(8, cut), [{ id: before?.id, reopened: 1 }])
})

t.test('what the fleet knows already stands', async (t) => {
  const { world } = faultWorld()
  const agent = present(world.fleet.agents.get('pod/node-1'))
  const agents = kept(world.fleet).map((one) => ({ ...one, version: '0.0.1' }))
  remember(world.fleet, { plans: plansOf(world.fleet), agents, findings: [] }, same)
  t.equal(world.fleet.agents.get('pod/node-1'), agent)
  t.equal(agent.version, '0.1.0')
})

t.test('an agent whose plan is lost is forgotten; one object stands for all agents with a plan', async (t) => {
  const { world } = faultWorld()
  const plans = plansOf(world.fleet)
  const [lost] = plans.keys()
  const fleet = createFleet(world.at, defaultThresholds)
  const shared = { ...present([...plans.values()][1]) }
  const known = new Map([...plans].filter(([id]) => id !== lost))
  remember(fleet, { plans: known, agents: kept(world.fleet), findings: [] }, () => shared)
  t.equal(fleet.agents.size, 3)
  t.ok([...fleet.agents.values()].every(({ plan }) => plan === shared))
})

t.test('until Kubernetes tells, a node is known by its agents and their facts', async (t) => {
  const { world } = faultWorld({ cluster: null })
  const system = { kernel: '6.12', os: 'Debian 13', hostname: 'node-1', nodeVersion: 'v24' }
  const agents = kept(world.fleet).map((one) => ({ ...one, facts: one.node === 'node-1' ? { system } : null }))
  const fleet = createFleet(world.at, defaultThresholds)
  remember(fleet, { plans: plansOf(world.fleet), agents, findings: [] }, same)
  t.match(fleet.nodes.get('node-1'), {
    ready: null,
    expected: ['host', 'pod'],
    attributes: { kernel: '6.12', os: 'Debian 13' },
  })
  t.same(fleet.nodes.get('node-2')?.attributes, {})
})

t.test(
  'a clock that was set back over a restart puts nothing off: who is silent is missed after a minute',
  async (t) => {
    const { world, run } = faultWorld()
    run(8, cut)
    const fleet = restart(world, -7200)
    const { listeningSince } = fleet
    const times = [...fleet.agents.values()].flatMap(({ firstSeen, lastSeen }) => [firstSeen, lastSeen])
    t.ok(times.every((time) => time < listeningSince))
    t.match([...fleet.findings.values()], [{ ended: null, since: instant(listeningSince - 0.001) }])
    t.same(applyTick(fleet, listeningSince + 59).findings.opened, [])
    t.match(applyTick(fleet, listeningSince + 62).findings.opened, [
      { fault: 'node-not-observed', scope: { kind: 'cluster' } },
    ])
  },
)

t.test(
  'what is remembered is not told as the present: not before the first push, and an agent at a time',
  async (t) => {
    const { world, run } = faultWorld()
    run(8, () => null)
    const fleet = restart(world, 36_000)
    world.at = fleet.listeningSince
    t.match(verdictOf(fleet), {
      state: 'no-data',
      sentence:
        'Nothing is known of now: no agent has pushed since this aggregator began to listen at 2027-01-15 18:03:15 UTC. No finding was open before.',
      nodes: { expected: 3, reporting: 0 },
      agents: { expected: 6, reporting: 0 },
    })
    const [first] = fleet.agents.values()
    present(first).lastSeen = fleet.listeningSince
    t.match(verdictOf(fleet), { state: 'ok', agents: { expected: 6, reporting: 1 } })
    run(1, () => null)
    t.match(verdictOf(fleet), { state: 'ok', nodes: { reporting: 3 }, agents: { reporting: 6 } })
  },
)

t.test('an open finding is told over a restart, and that it is remembered', async (t) => {
  const { world, run } = faultWorld()
  run(8, cut)
  const { sentence } = verdictOf(world.fleet)
  const fleet = restart(world)
  world.at = fleet.listeningSince
  const remembered = verdictOf(fleet)
  t.equal(remembered.state, 'failing')
  t.ok(remembered.sentence.startsWith(sentence.split('. ')[0] ?? ''), remembered.sentence)
  t.match(
    remembered.sentence,
    / It is as remembered: no agent has pushed since this aggregator began to listen at 2027-01-15 08:03:20 UTC\.$/,
  )
  run(1, cut)
  t.notMatch(verdictOf(fleet).sentence, /remembered/)
})
