import { agentKey, applyRound, createFleet, defaultThresholds, type RoundInput } from '@oddnode/diagnosis'
import type { Observation, Plan, Vantage } from '@oddnode/protocol'
import t from 'tap'
import { createSuspects } from '../src/suspects.ts'
import { boot, clusterPlan, healthy, roundOf, samplesOf, timeout } from './pushing.ts'

const NODE_LOCAL = 0

/** Two agents of one node, and what each is told to ask. */
function pair() {
  const fleet = createFleet(0, defaultThresholds)
  const suspects = createSuspects()
  let counter = 0
  const see = (
    vantage: Vantage,
    receivedAt: number,
    probe: (plan: Plan, probe: number) => Observation,
    only?: number,
  ) => {
    const plan = clusterPlan(vantage)
    const samples = samplesOf(plan, probe).filter(
      (sample) => only === undefined || plan.probes[sample.probe]?.target === only,
    )
    const input: RoundInput = {
      node: 'a',
      vantage,
      boot,
      counter: counter++,
      receivedAt,
      round: roundOf(plan),
      samples,
      plan,
    }
    applyRound(fleet, input)
    const agent = fleet.agents.get(agentKey('a', vantage))
    if (!agent) throw new Error('no agent')
    suspects.note(agent, input)
    return suspects.of(agent, plan, receivedAt)
  }
  return { see }
}

const badNodeLocal = (plan: Plan, probe: number) =>
  plan.probes[probe]?.target === NODE_LOCAL ? timeout() : healthy(plan, probe)

t.test('a bad answer of one vantage lets the other one ask at once, for as long as it is undecided', async (t) => {
  const { see } = pair()
  t.strictSame(see('host', 0, healthy), [])
  t.strictSame(see('pod', 1, badNodeLocal), [], 'not the one that doubts')
  t.strictSame(see('host', 2, healthy), [NODE_LOCAL])
  see('pod', 16, badNodeLocal)
  t.strictSame(see('host', 17, healthy), [NODE_LOCAL])
  see('pod', 31, badNodeLocal)
  t.strictSame(see('host', 32, healthy), [], 'decided: asking more often helps nobody')
})

t.test('a good answer ends the doubt, of that target only', async (t) => {
  const { see } = pair()
  see('pod', 0, badNodeLocal)
  see('pod', 5, healthy, 1)
  t.strictSame(see('host', 6, healthy), [NODE_LOCAL], 'others that answer well say nothing of it')
  see('pod', 10, healthy, NODE_LOCAL)
  t.strictSame(see('host', 11, healthy), [])
})
