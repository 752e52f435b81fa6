import { createFleet, defaultThresholds, type Recording, startRecording } from '@oddnode/diagnosis'
import type { RecordedLine, Vantage } from '@oddnode/protocol'
import t from 'tap'
import { agentRow, createEvaluation, stateRows } from '../src/evaluation.ts'
import { createHistory } from '../src/history.ts'
import { type Batch, emptyBatch } from '../src/store/store.ts'
import { clusterOf } from './cluster/cluster-of.ts'
import { boot, clusterPlan, healthy, roundOf, samplesOf, timeout } from './pushing.ts'

const plan = clusterPlan('host')

function rig(recording: Recording | null = null) {
  let now = 1000
  let slowness = 0
  const recorded: Partial<Batch>[] = []
  const durations: number[] = []
  const fleet = createFleet(now, defaultThresholds)
  const evaluation = createEvaluation({
    fleet,
    history: createHistory(fleet),
    now: () => {
      now += slowness
      return now
    },
    record: (part) => recorded.push(part),
    committed: () => Promise.resolve(),
    onEvaluation: (seconds) => durations.push(seconds),
    recording: () => recording,
  })
  const take = (counter: number, see = healthy, changes = {}, vantage: Vantage = 'host', node = 'a') =>
    evaluation.take({
      node,
      vantage,
      boot,
      counter,
      receivedAt: now,
      round: roundOf(plan, [], changes),
      samples: samplesOf(plan, see),
      plan,
    })
  const pass = (seconds: number) => {
    now += seconds
  }
  /** Each look at the clock takes so long from now on. */
  const slowDown = (seconds: number) => {
    slowness = seconds
  }
  return { evaluation, recorded, durations, take, pass, slowDown }
}

t.test('a push is answered after the commit of what it changed, at once if it changed nothing', async (t) => {
  const { take, pass, recorded } = rig()
  t.ok(take(0).committed, 'a new agent')
  t.match(recorded.at(-1), { agents: [{ node: 'a' }], plans: [{ id: plan.id }] })
  pass(15)
  t.equal(take(1).committed, null)
  pass(15)
  t.ok(take(2).committed, 'three samples: states begin')
  t.match(recorded.at(-1), { changes: [{ notedAt: 1030, state: { state: 'ok' } }], states: [{ agent: 'host/a' }] })
  pass(15)
  t.equal(take(3).committed, null)
  t.equal(take(3).committed, null, 'a repeat')
  const facts = take(4, healthy, { facts: { localAddresses: [] } })
  t.ok(facts.committed, 'facts')
  t.match(recorded.at(-1)?.facts, [{ agent: 'host/a', facts: { localAddresses: [] } }])
})

t.test('a goodbye is remembered, and so is the return: a restart takes no clean stop for a silence', async (t) => {
  const { take, recorded } = rig()
  for (const counter of [0, 1, 2, 3]) take(counter)
  t.ok(take(4, healthy, { kind: 'goodbye' }).committed)
  t.match(recorded.at(-1)?.agents, [{ node: 'a', stopped: true }])
  t.ok(take(5).committed)
  t.match(recorded.at(-1)?.agents, [{ node: 'a', stopped: false }])
  t.equal(take(6).committed, null)
})

t.test('facts are asked for until they are there', async (t) => {
  const { take } = rig()
  t.equal(take(0).wantFacts, true)
  t.equal(take(1, healthy, { facts: {} }).wantFacts, false)
  t.equal(take(2).wantFacts, false)
})

t.test('an evaluation when something changed, and now and then because silence changes nothing', async (t) => {
  const { evaluation, take, pass, durations } = rig()
  evaluation.tick()
  t.equal(durations.length, 1, 'the first')
  pass(1)
  evaluation.tick()
  t.equal(durations.length, 1, 'nothing changed')
  t.equal(evaluation.revision(), 2)
  take(0)
  pass(1)
  evaluation.tick()
  t.equal(durations.length, 2, 'something changed')
  for (let i = 0; i < 10; i++) {
    pass(1)
    evaluation.tick()
  }
  t.equal(durations.length, 3)
})

t.test('while something is odd, samples that change no state decide what it is: each other second', async (t) => {
  const { evaluation, take, pass, durations } = rig()
  for (let counter = 0; counter < 6; counter++) {
    take(counter, timeout)
    pass(15)
    evaluation.tick()
  }
  const before = durations.length
  for (let second = 0; second < 10; second++) {
    pass(1)
    evaluation.tick()
  }
  t.equal(durations.length - before, 5)
})

t.test('where more changed than one evaluation may take, the next is wanted soon', async (t) => {
  const { evaluation, take, durations, pass } = rig()
  for (let round = 0; round < 3; round++) {
    for (let node = 0; node < 75; node++) take(round, timeout, {}, 'host', `node-${node}`)
    pass(15)
  }
  t.equal(evaluation.tick(), true)
  let isMore = true
  for (let ticks = 0; isMore && ticks < 20; ticks++) {
    pass(0.01)
    isMore = evaluation.tick()
  }
  t.notOk(isMore, 'the rest, in a few steps')
  const evaluations = durations.length
  t.ok(evaluations > 1, 'though nothing changed')
  pass(1)
  t.equal(evaluation.tick(), false)
  t.equal(durations.length, evaluations)
})

t.test('an evaluation that takes long is followed by a rest, in which pushes are taken', async (t) => {
  const { evaluation, take, durations, pass, slowDown } = rig()
  slowDown(0.5)
  t.equal(evaluation.tick(), false)
  t.ok((durations[0] ?? 0) >= 0.5)
  slowDown(0)
  take(0)
  pass(1)
  t.equal(evaluation.tick(), true, 'later')
  t.equal(durations.length, 1)
  pass(1.5)
  t.equal(evaluation.tick(), false)
  t.equal(durations.length, 2)
})

t.test('every input is taken down before it is applied, and what a tick told after it', async (t) => {
  const lines: RecordedLine[] = []
  const write = (line: RecordedLine) => lines.push(line)
  const { evaluation, take, pass } = rig(
    startRecording(write, { at: 1000, thresholds: defaultThresholds, isCut: false }),
  )
  evaluation.takeCluster(clusterOf())
  take(0, timeout)
  evaluation.tick()
  t.same(
    lines.map(({ kind }) => kind),
    ['start', 'cluster', 'plan', 'round', 'tick'],
  )
  pass(1)
  evaluation.tick()
  t.equal(lines.length, 5, 'a tick that evaluates nothing is none')
  for (let counter = 1; counter < 8; counter++) {
    pass(15)
    take(counter, timeout)
    evaluation.tick()
  }
  const told = lines.findIndex(({ kind }) => kind === 'findings')
  t.equal(lines[told - 1]?.kind, 'tick')
  t.match(lines[told], { opened: [{ ended: null }], ended: [] })
})

t.test('findings are recorded when they open and when they end', async (t) => {
  const { evaluation, take, pass, recorded } = rig()
  let counter = 0
  const rounds = (count: number, see: typeof healthy) => {
    for (let i = 0; i < count; i++) {
      take(counter++, see)
      pass(15)
      evaluation.tick()
    }
  }
  rounds(6, timeout)
  const findings = () => recorded.flatMap((part) => part.findings ?? []).map(({ finding }) => finding)
  t.match(findings()[0], { ended: null })
  rounds(6, healthy)
  t.ok(findings().at(-1)?.ended)
  t.match({ ...emptyBatch(), ...recorded.at(-1) }.findings.length, Number)
})

t.test('what is stale is recorded as a change too', async (t) => {
  const { evaluation, take, pass, recorded } = rig()
  for (let i = 0; i < 3; i++) {
    take(i)
    pass(15)
  }
  pass(100)
  evaluation.tick()
  t.match(recorded.at(-1), {
    changes: [{ agent: 'host/a', state: { state: 'no-data' } }],
    states: [{ state: { state: 'no-data' } }],
  })
})

t.test('rows of an agent', async (t) => {
  const { evaluation, take } = rig()
  take(0)
  const agent = evaluation.fleet.agents.get('host/a')
  if (!agent) throw new Error('no agent')
  t.match(agentRow(agent), {
    node: 'a',
    vantage: 'host',
    planId: plan.id,
    applied: { [boot]: { through: 0, above: [] } },
  })
  t.equal(stateRows(agent).length, samplesOf(plan).length, 'those that were looked at')
})

t.test(
  'what an agent saw while it was cut off is told, though it is well again by the time that it says so',
  async (t) => {
    const { evaluation, recorded, take, pass } = rig()
    const told = () =>
      recorded.flatMap(({ findings = [] }) => findings.map(({ finding: { fault, ended } }) => [fault, ended !== null]))
    const both = (counter: number, see = healthy, changes = {}) => {
      take(counter, healthy)
      take(counter, see, changes, 'pod')
    }
    for (let round = 0; round < 4; round++) {
      both(round)
      pass(15)
      evaluation.tick()
    }
    for (let round = 4; round < 12; round++) {
      take(round, healthy)
      pass(15)
      evaluation.tick()
    }
    const before = told().length
    for (let round = 4; round < 12; round++) take(round, timeout, { ageSeconds: (12 - round) * 15 + 1 }, 'pod')
    take(12, healthy, {}, 'pod')
    t.ok(
      told()
        .slice(before)
        .some(([, ended]) => ended === false),
      'within the same second',
    )
  },
)
