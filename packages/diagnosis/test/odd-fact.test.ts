import t from 'tap'
import {
  factSplits,
  factValues,
  hasNoMajority,
  haveToldFacts,
  isUnusual,
  scopeOfFacts,
  splitWords,
} from '../src/odd-fact.ts'
import { clusterScope, nodesScope } from '../src/scope.ts'
import { createWorld, good, present, rounds } from './world.ts'

function viewOf(values: Readonly<Record<string, string>>) {
  const world = createWorld(Object.keys(values))
  rounds(world, 4, () => good(), { facts: {} })
  const read = ({ node }: { node: string }) => values[node] ?? null
  return { view: { fleet: world.fleet, at: world.at }, read }
}

t.test('values beside what is usual', async (t) => {
  const { view, read } = viewOf({ a: 'x', b: 'y', c: 'x' })
  const [usual, odd] = factValues(view, 'host', read)
  t.match(odd, { found: 'y', usual: 'x', nodes: ['b'], since: view.at, evidence: [] })
  t.same([isUnusual(present(usual)), isUnusual(present(odd))], ['no', 'yes'])
  t.equal(hasNoMajority(present(factSplits(view, 'host', read)[0])), 'no')
  t.match(scopeOfFacts([present(odd)], view), { kind: 'node', nodes: ['b'] })
})

t.test('halves', async (t) => {
  const { view, read } = viewOf({ a: 'x', b: 'y' })
  const split = present(factSplits(view, 'host', read)[0])
  t.equal(hasNoMajority(split), 'yes')
  t.equal(splitWords(split), 'x on a, y on b')
  t.same(factValues(view, 'host', read).map(isUnusual), ['no', 'no'])
  t.match(scopeOfFacts([split], view), { kind: 'cluster' })
})

t.test('facts that were not told leave a finding as it is', async (t) => {
  const { fleet } = viewOf({ a: 'x', b: 'y' }).view
  t.ok(haveToldFacts(fleet, nodesScope(fleet, ['a']), 'host'))
  t.ok(haveToldFacts(fleet, nodesScope(fleet, ['gone']), 'host'))
  present(fleet.agents.get('host/a')).facts = null
  t.notOk(haveToldFacts(fleet, nodesScope(fleet, ['a']), 'host'))
  t.notOk(haveToldFacts(fleet, clusterScope(), 'host'))
  t.ok(haveToldFacts(fleet, nodesScope(fleet, ['a']), 'pod'))
  fleet.agents.delete('pod/a')
  t.notOk(haveToldFacts(fleet, nodesScope(fleet, ['a']), 'pod'))
})
