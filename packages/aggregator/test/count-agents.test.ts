import { agentKey, createFleet, defaultThresholds } from '@oddnode/diagnosis'
import t from 'tap'
import { countAgents } from '../src/count-agents.ts'
import { createEvaluation } from '../src/evaluation.ts'
import { boot, clusterPlan, roundOf } from './pushing.ts'

t.test('expected are all, the others are parts of them', async (t) => {
  const fleet = createFleet(0, defaultThresholds)
  const evaluation = createEvaluation({
    fleet,
    now: () => 0,
    record: () => {},
    committed: () => null,
    onEvaluation: () => {},
    recording: () => null,
  })
  const plan = clusterPlan('host')
  const push = (node: string, receivedAt: number, kind: 'regular' | 'goodbye' = 'regular') =>
    evaluation.take({
      node,
      vantage: 'host',
      boot,
      counter: 0,
      receivedAt,
      round: roundOf(plan, [], { kind }),
      samples: [],
      plan,
    })
  push('silent', 0)
  push('stopped', 0, 'goodbye')
  push('well', 1000)
  fleet.nodes.set('new', {
    name: 'new',
    ready: true,
    attributes: {},
    createdAt: null,
    cordoned: false,
    group: '',
    expected: ['host', 'pod'],
  })
  t.strictSame(countAgents(fleet, 'host'), { expected: 4, reporting: 1, silent: 1, stopped: 1 })
  t.strictSame(countAgents(fleet, 'pod'), { expected: 1, reporting: 0, silent: 0, stopped: 0 })
  t.ok(fleet.agents.has(agentKey('well', 'host')))
})
