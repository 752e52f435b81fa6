import { makePlan, type Observation, type Vantage } from '@oddnode/protocol'
import t from 'tap'
import { good } from '../world.ts'
import { faultPlanInput, targetAt } from './fault-plan.ts'
import { faultWorld, named, type Sees, single, type Wrong, worldOf } from './fault-world.ts'

const second = '198.51.100.7'
const planOf = (nodes: readonly string[]) => (vantage: Vantage, node: string) => {
  const input = faultPlanInput(vantage)
  return makePlan({
    ...input,
    targets: [...input.targets, ...(nodes.includes(node) ? [targetAt('upstream', second)] : [])],
  })
}
const everyNode = ['node-1', 'node-2', 'node-3']
const privately: Observation = good(['10.1.2.3'])

/** The second upstream says this; what forwards asks one or the other. */
const says =
  (other: Wrong): Sees =>
  (_, { role, address, question }, round) => {
    if (question !== 'external') return null
    if (address === second) return other
    return ['node-local', 'endpoint', 'cluster-dns'].includes(role) && round % 2 === 0 ? other : null
  }

const seen = (other: Wrong, nodes = everyNode) => named(worldOf(says(other), { plan: planOf(nodes) }), 12)

t.test('a private address instead of a public one', async (t) => {
  t.match(single(seen(privately)), {
    fault: 'upstreams-give-different-answers',
    severity: 'warning',
    confidence: 'certain',
    scope: { kind: 'cluster' },
    story:
      'Upstreams 192.0.2.53 (public) and 198.51.100.7 (private) disagree about www.example.com: what a program gets is chance.',
    confirm: [
      /oddnode check/,
      'on node-1: dig +short @192.0.2.53 www.example.com.',
      'on node-1: dig +short @198.51.100.7 www.example.com.',
    ],
  })
})

t.test('the name does not exist for one of them, or has no address', async (t) => {
  t.match(single(seen('NXDOMAIN')).story, '198.51.100.7 (NXDOMAIN) disagree')
  t.match(single(seen('NOERROR')).story, '198.51.100.7 (no address) disagree')
})

t.test('only one node has both', async (t) => {
  const onOne: Sees = (node, probe, round) => (node === 'node-2' ? says(privately)(node, probe, round) : null)
  t.match(single(named(worldOf(onOne, { plan: planOf(['node-2']) }), 12)), {
    scope: { kind: 'node', nodes: ['node-2'] },
  })
})

t.test('it is not named', async (t) => {
  const name = 'upstreams-give-different-answers'
  const isNamed = (sees: Sees, nodes = everyNode, rounds = 12) =>
    named(worldOf(sees, { plan: planOf(nodes) }), rounds).some(({ fault }) => fault === name)
  t.same(seen(null), [], 'while both say the same')
  t.same(seen(good(['203.0.113.99'])), [], 'where both addresses are public')
  t.notOk(isNamed(says(privately), everyNode, 4), 'while one may not have heard of a change')
  t.notOk(isNamed(says('timeout')), 'where one does not answer')
  t.notOk(isNamed(says('SERVFAIL')), 'where one fails')
  const toOne: Sees = (node, { address, question, vantage }) =>
    node === 'node-2' && vantage === 'host' && question === 'external' && address === second ? privately : null
  t.match(
    single(named(worldOf(toOne, { plan: planOf(everyNode) }), 12)),
    { fault: 'external-answers-wrong' },
    'where one upstream has two voices',
  )
  const apart: Sees = (node, { role, question }) =>
    question === 'external' && role === 'upstream' && node === 'node-2' ? privately : null
  const planApart = (vantage: Vantage, node: string) => {
    const input = faultPlanInput(vantage)
    const others = input.targets.filter(({ role }) => role !== 'upstream')
    return node === 'node-2'
      ? makePlan({ ...input, targets: [...others, targetAt('upstream', second)] })
      : makePlan(input)
  }
  t.notOk(
    named(worldOf(apart, { plan: planApart }), 12).some(({ fault }) => fault === name),
    'where no node asks both',
  )
})

t.test('it ends', async (t) => {
  const world = faultWorld({ plan: planOf(everyNode) })
  t.equal(world.run(12, says(privately)).length, 1)
  t.same(
    world.run(3, () => null),
    [],
  )
})

t.test('of three upstreams only those that disagree', async (t) => {
  const third = '203.0.113.53'
  const plan = (vantage: Vantage) => {
    const input = faultPlanInput(vantage)
    return makePlan({
      ...input,
      targets: [...input.targets, targetAt('upstream', second), targetAt('upstream', third)],
    })
  }
  const sees: Sees = (_, { question, address }) => (question === 'external' && address === third ? privately : null)
  t.match(single(named(worldOf(sees, { plan }), 12)).story, '198.51.100.7 (public) and 203.0.113.53 (private)')
})
