import { agentKey, applyRound, createFleet, defaultThresholds, type RoundInput } from '@oddnode/diagnosis'
import type { Observation, Plan, Round } from '@oddnode/protocol'
import t from 'tap'
import { askedAgain } from '../src/asks-again.ts'
import { boot, clusterPlan, healthy, roundOf, samplesOf, timeout } from './pushing.ts'

/** An agent whose rounds come one after the other; whether each asks again. */
function agent(plan: Plan = clusterPlan('pod')) {
  const fleet = createFleet(0, defaultThresholds)
  let counter = 0
  return (see: (plan: Plan, probe: number) => Observation, changes: Partial<Round> = { kind: 'suspicion' }) => {
    const round = roundOf(plan, [], changes)
    const samples = samplesOf(plan, see)
    const place = { node: 'a', vantage: 'pod', boot, counter: counter++, receivedAt: 15 * counter } as const
    const input: RoundInput = { ...place, round, samples, plan }
    applyRound(fleet, input)
    const known = fleet.agents.get(agentKey('a', 'pod'))
    if (!known) throw new Error('no agent')
    return askedAgain(known, input).length > 0
  }
}

t.test('what failed is asked again, until it is well and believed', async (t) => {
  const push = agent()
  t.notOk(push(healthy), 'a twin over TCP, or the rest of a plan, asks for no more')
  t.notOk(push(timeout, { kind: 'regular' }), 'a round asks what is due')
  t.ok(push(timeout))
  for (let i = 0; i < 4; i++) push(timeout)
  t.ok(push(healthy), 'it recovers')
  for (let i = 0; i < 5; i++) push(healthy)
  t.notOk(push(healthy))
})

t.test('not by rounds of before, nor of what does not come to CoreDNS', async (t) => {
  t.notOk(agent()(timeout, { kind: 'suspicion', ageSeconds: 60 }))
  const upstream = { role: 'upstream', address: '192.0.2.53', port: 53, learnedFrom: 'kubernetes' } as const
  t.notOk(agent(clusterPlan('pod', { targets: [upstream] }))(timeout))
})
