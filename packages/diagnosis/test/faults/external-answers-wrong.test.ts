import { makePlan, type Vantage } from '@oddnode/protocol'
import t from 'tap'
import { good } from '../world.ts'
import { faultPlanInput, targetAt } from './fault-plan.ts'
import { faultWorld, named, type Sees, single, worldOf } from './fault-world.ts'

/** One agent asks for its group. */
const plan = (vantage: Vantage, node: string) => {
  const input = faultPlanInput(vantage)
  // The trap has the address of this plan's upstream.
  const others = input.targets.filter(({ role }) => role !== 'upstream')
  const targets = [...others, targetAt('upstream', '192.0.2.54')]
  return makePlan({ ...input, targets, asksForGroup: vantage === 'pod' && node === 'node-2' })
}

/** Who rewrites on the way of this node: names outside get a private address over any resolver. */
const lies =
  (node: string, address = '10.9.9.9'): Sees =>
  (asking, { question, role }) =>
    asking === node && question === 'external' && role !== 'cluster-dns-upstream' ? good([address]) : null

const seen = (sees: Sees, rounds = 12) => named(worldOf(sees, { plan }), rounds)

t.test('the same upstream says something else to one node', async (t) => {
  t.match(single(seen(lies('node-1'))), {
    fault: 'external-answers-wrong',
    severity: 'warning',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-1'] },
    story: 'On node-1 www.example.com resolves to 10.9.9.9 instead of 203.0.113.7: somebody rewrites DNS.',
    confirm: [
      /oddnode check/,
      'on node-1: dig $(openssl rand -hex 8).invalid.',
      'on node-1: dig +time=2 +tries=1 @192.0.2.53 www.example.com.',
    ],
  })
  const denied: Sees = (node, { question }) => (node === 'node-1' && question === 'external' ? 'NXDOMAIN' : null)
  t.match(single(seen(denied)), {
    story: 'On node-1 www.example.com resolves to NXDOMAIN instead of 203.0.113.7: somebody rewrites DNS.',
  })
})

t.test('who comes to see it later does not end it, nor does a lost packet', async (t) => {
  const world = faultWorld({ plan })
  const sees: Sees = (node, probe, round) => {
    const lied = lies('node-1')(node, probe, round)
    if (lied === null || (probe.vantage === 'pod' && round < 15)) return null
    return round === 17 && probe.role === 'upstream' ? 'timeout' : lied
  }
  world.run(8, sees)
  const since = new Set<string>()
  for (let round = 8; round < 18; round++) since.add(single(world.run(1, sees)).since)
  t.equal(since.size, 1)
})

t.test('a name changes everywhere: whoever hears of it last is not wrong', async (t) => {
  const world = faultWorld({ plan })
  const before: Sees = (_, { question, role }) =>
    question === 'external' && role !== 'cluster-dns-upstream' ? good(['10.9.9.9']) : null
  const lastOne = lies('node-1')
  world.run(12, before)
  t.same(world.run(4, lastOne), [])
  t.match(single(world.run(4, lastOne)), { fault: 'external-answers-wrong' }, 'unless it goes on')
})

t.test('names that do not exist have an address', async (t) => {
  const hijack: Sees = (_, { question }) => (question === 'invalid' ? good(['198.51.100.1']) : null)
  t.match(single(seen(hijack)), {
    fault: 'external-answers-wrong',
    confidence: 'likely',
    scope: { kind: 'cluster' },
    story: 'Names that do not exist get 198.51.100.1: somebody rewrites DNS.',
  })
  const apart: Sees = (node, probe, round) => hijack(node, probe, round) ?? lies('node-2')(node, probe, round)
  t.match(single(seen(apart)), { scope: { kind: 'node', nodes: ['node-2'] } }, 'the one that asks is the odd one')
  const all = named(
    worldOf(hijack, { plan: (vantage) => makePlan({ ...faultPlanInput(vantage), asksForGroup: true }) }),
  )
  t.match(single(all), {
    scope: { kind: 'cluster' },
    confidence: 'certain',
    story: /^Names that do not exist get 198\.51\.100\.1: /,
  })
})

t.test('an address where nobody lives answers', async (t) => {
  const trapped: Sees = (_, { question }) => (question === 'trap' ? good(['203.0.113.7']) : null)
  t.match(single(seen(trapped)), {
    scope: { kind: 'cluster' },
    story: 'On every node queries to 192.0.2.53, where nobody lives, are answered: somebody rewrites DNS.',
  })
})

t.test('several signs on one node are one finding', async (t) => {
  const both: Sees = (node, probe, round) =>
    probe.question === 'trap' || probe.question === 'invalid' ? good(['10.9.9.9']) : lies('node-2')(node, probe, round)
  t.equal(seen(both).length, 1)
})

t.test('it is not named', async (t) => {
  const isNamed = (...args: Parameters<typeof seen>) =>
    seen(...args).some(({ fault }) => fault === 'external-answers-wrong')
  t.same(
    seen(() => null),
    [],
    'in health',
  )
  t.notOk(isNamed(lies('node-1'), 3), 'while a change goes round')
  t.notOk(isNamed(lies('node-1', '203.0.113.99')), 'where it is another public address')
  const half = worldOf(lies('node-1'), { plan, nodes: ['node-1', 'node-2'] })
  t.notOk(
    named(half, 12).some(({ fault }) => fault === 'external-answers-wrong'),
    'where there is no majority',
  )
  t.notOk(
    isNamed((_, { question }) => (question === 'invalid' ? 'SERVFAIL' : null)),
    'where what does not exist fails',
  )
  t.notOk(
    isNamed((_, { question }) => (question === 'trap' ? 'refused' : null)),
    'where the trap is refused',
  )
  t.notOk(
    isNamed((node, { question }) => (node === 'node-1' && question === 'external' ? 'SERVFAIL' : null)),
    'where it fails',
  )
})

t.test('it ends', async (t) => {
  const world = faultWorld({ plan })
  t.equal(world.run(12, lies('node-1')).length, 1)
  t.same(
    world.run(3, () => null),
    [],
  )
})
