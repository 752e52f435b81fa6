import { makePlan } from '@oddnode/protocol'
import t from 'tap'
import { type Cell, cellOf } from '../src/cell.ts'
import { agentKey, type Fleet } from '../src/fleet.ts'
import { groupScope, standsForOthers } from '../src/group-scope.ts'
import { faultPlanInput } from './faults/fault-plan.ts'
import { faultWorld } from './faults/fault-world.ts'
import { present } from './world.ts'

/** Three nodes of one group; the pod agents of these ask for it. */
const fleetWhereAsk = (...askers: string[]): Fleet => {
  const { world, run } = faultWorld({
    plan: (vantage, node) =>
      makePlan({ ...faultPlanInput(vantage), asksForGroup: vantage === 'pod' && askers.includes(node) }),
  })
  run(1, () => null)
  return world.fleet
}

const cellsAbout = (fleet: Fleet, node: string, question: string): Cell[] => {
  const agent = present(fleet.agents.get(agentKey(node, 'pod')))
  return agent.plan.probes.flatMap((planned, probe) => (planned.question === question ? [cellOf(agent, probe)] : []))
}

t.test('who asks for its group speaks for all of it', async (t) => {
  const fleet = fleetWhereAsk('node-2')
  const cells = cellsAbout(fleet, 'node-2', 'invalid')
  t.ok(cells.length > 0)
  t.equal(groupScope(fleet, ['node-2'], cells).kind, 'cluster')
  t.ok(standsForOthers(fleet, 'node-2', cells))
})

t.test('not of what every node asks for itself', async (t) => {
  const fleet = fleetWhereAsk('node-2')
  const cells = [...cellsAbout(fleet, 'node-2', 'invalid'), ...cellsAbout(fleet, 'node-2', 'kubernetes')]
  t.match(groupScope(fleet, ['node-2'], cells), { kind: 'node', nodes: ['node-2'] })
  t.notOk(standsForOthers(fleet, 'node-2', cells))
})

t.test('not where another of the group asks, too, and does not see it', async (t) => {
  const fleet = fleetWhereAsk('node-1', 'node-2')
  const cells = cellsAbout(fleet, 'node-2', 'invalid')
  t.match(groupScope(fleet, ['node-2'], cells), { kind: 'node', nodes: ['node-2'] })
  t.equal(groupScope(fleet, ['node-1', 'node-2'], cells).kind, 'cluster')
})

t.test('where all ask nobody stands for others', async (t) => {
  const fleet = fleetWhereAsk('node-1', 'node-2', 'node-3')
  t.notOk(standsForOthers(fleet, 'node-2', cellsAbout(fleet, 'node-2', 'invalid')))
})

t.test('a node that is gone stands for itself', async (t) => {
  const fleet = fleetWhereAsk('node-2')
  const cells = cellsAbout(fleet, 'node-2', 'invalid')
  fleet.nodes.delete('node-2')
  t.match(groupScope(fleet, ['node-2'], cells), { kind: 'node', nodes: ['node-2'] })
})
