import t from 'tap'
import { createPlanPool } from '../src/plan-pool.ts'
import { readRound } from '../src/read-round.ts'
import { bareRoundOf, clusterPlan, roundOf, samplesOf } from './pushing.ts'

const plan = clusterPlan('host')
const sources = { plans: createPlanPool(() => []), planner: { byId: () => undefined } }

function refusal(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    return error
  }
}

t.test('the plan comes along, or is known', async (t) => {
  const brought = readRound(roundOf(plan), undefined, sources)
  t.strictSame(brought.plan, plan)
  t.equal(brought.samples.length, samplesOf(plan).length)
  t.equal(readRound(bareRoundOf(plan), plan, sources).plan, plan)
  const planner = { byId: (id: string) => (id === plan.id ? plan : undefined) }
  t.equal(readRound(bareRoundOf(plan), undefined, { ...sources, planner }).plan, plan, 'it was given here')
})

t.test('what no schema can say', async (t) => {
  const probes = plan.probes.map((probe, i) => (i === 3 ? { ...probe, target: 99 } : probe))
  const cases = [
    [bareRoundOf(plan), 409, '/plan'],
    [{ ...roundOf(plan), plan: 'abcd' }, 400, '/planBody/id'],
    [{ ...roundOf(plan), planBody: { ...plan, probes } }, 400, '/planBody/probes/3/target'],
    [roundOf(plan, [], { details: [{ at: 5, error: 'x' }] }), 400, '/details/0/at'],
  ] as const
  for (const [round, status, pointer] of cases) {
    t.match(
      refusal(() => readRound(round, undefined, sources)),
      { problem: { status, pointer } },
      pointer,
    )
  }
})
