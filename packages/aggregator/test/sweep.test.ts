import { createFleet, defaultThresholds } from '@oddnode/diagnosis'
import t from 'tap'
import { createEvaluation } from '../src/evaluation.ts'
import { createHistory } from '../src/history.ts'
import { createSweep } from '../src/sweep.ts'
import { boot, clockSample, clusterPlan, roundOf, samplesOf } from './pushing.ts'

t.test('each agent once in a minute, its clock once in ten, never many at once', async (t) => {
  const fleet = createFleet(0, defaultThresholds)
  const evaluation = createEvaluation({
    fleet,
    history: createHistory(fleet),
    now: () => 0,
    record: () => {},
    committed: () => null,
    onEvaluation: () => {},
    recording: () => null,
  })
  const plan = clusterPlan('host')
  const round = roundOf(plan, [], { clock: [clockSample(0)] })
  for (let i = 0; i < 150; i++) {
    evaluation.take({
      node: `node-${i}`,
      vantage: 'host',
      boot,
      counter: 0,
      receivedAt: 0,
      round,
      samples: samplesOf(plan),
      plan,
    })
  }
  const sweep = createSweep(fleet, createHistory(fleet))
  const agents = new Map<string, number>()
  let clocks = 0
  for (let second = 0; second < 600; second++) {
    const rows = sweep()
    t.ok((rows.agents?.length ?? 0) <= 3)
    for (const { node } of rows.agents ?? []) agents.set(node, (agents.get(node) ?? 0) + 1)
    clocks += rows.clocks?.length ?? 0
  }
  t.equal(agents.size, 150)
  t.ok([...agents.values()].every((count) => count >= 9 && count <= 12))
  t.ok(clocks >= 150 && clocks <= 300, `${clocks} clock rows`)
})

t.test('an empty fleet', async (t) =>
  t.strictSame(createSweep(createFleet(0, defaultThresholds), { looked: () => [] })(), {
    agents: [],
    agentChanges: [],
    clocks: [],
  }),
)
