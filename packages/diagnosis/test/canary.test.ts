import t from 'tap'
import { applyCluster } from '../src/apply.ts'
import { answeredAt, canaryOf, canaryServers, isAnyOld, isSettling } from '../src/canary.ts'
import { updateLedger } from '../src/ledger.ts'
import { clusterNode, clusterOf, createWorld, good, planOf, present, push, start, timeout } from './world.ts'

const plan = planOf([
  { role: 'endpoint', address: '10.244.1.2', question: 'canary' },
  { role: 'endpoint', address: '10.244.3.2', question: 'canary' },
  { role: 'endpoint', address: '10.244.5.2', question: 'canary' },
  { role: 'node-local', address: '169.254.20.10', question: 'canary' },
])
const now = ['10.244.1.9', '10.244.3.9']

function worldAt(changedAt: number) {
  const world = createWorld(['a'], plan)
  const canary = { name: 'agents.oddnode.svc.cluster.local', addresses: now.toReversed(), changedAt }
  applyCluster(world.fleet, world.at, clusterOf([clusterNode('a')], {}, { canary }))
  for (let round = 0; round < 4; round++) {
    world.at += 15
    push(world, 'a', 'pod', (probe) => [good(now), good(['10.244.1.9']), timeout, good(now)][probe] ?? null)
  }
  updateLedger(world.fleet.ledger, world.fleet.agents)
  return world.fleet
}

t.test('who answers with the addresses of now, in whatever order the API has them', async (t) => {
  const fleet = worldAt(start)
  const canary = present(canaryOf(fleet))
  const [first, second, ...more] = canaryServers(fleet, 'endpoint', canary)
  t.same(more, [])
  t.match(first, { target: { address: '10.244.1.2' }, fresh: { length: 1 }, old: { length: 0 } })
  t.match(second, { target: { address: '10.244.3.2' }, fresh: { length: 0 }, old: { length: 1 } })
  t.equal(answeredAt(present(second?.old[0])), start + 60)
  t.ok(isAnyOld(fleet, 'endpoint', canary))
  t.notOk(isAnyOld(fleet, 'node-local', canary))
})

t.test('what was answered before the change says nothing', async (t) => {
  const fleet = worldAt(start + 60)
  t.same(canaryServers(fleet, 'endpoint', present(canaryOf(fleet))), [])
})

t.test('without a Service, or without addresses, there is nothing to ask for', async (t) => {
  const { fleet } = createWorld(['a'], plan)
  t.equal(canaryOf(fleet), null)
  const at = (addresses: string[]) => clusterOf([], {}, { canary: { name: 'x', addresses, changedAt: start } })
  applyCluster(fleet, start, at([]))
  t.equal(canaryOf(fleet), null)
  applyCluster(fleet, start, at(now))
  t.match(canaryOf(fleet), { addresses: now })
})

t.test('for a while after a change everybody may answer as before', async (t) => {
  const fleet = worldAt(start)
  const agent = present(fleet.agents.get('pod/a'))
  t.ok(isSettling(fleet, agent, 0, start + 104))
  t.notOk(isSettling(fleet, agent, 0, start + 105))
  t.notOk(isSettling({ ...fleet, cluster: null }, agent, 0, start))
  const other = { plan: planOf([{ role: 'endpoint', address: '10.244.1.2' }]) }
  t.notOk(isSettling(fleet, other, 0, start + 1), 'of other names that is no excuse')
  t.notOk(isSettling(fleet, other, 9, start + 1))
})
