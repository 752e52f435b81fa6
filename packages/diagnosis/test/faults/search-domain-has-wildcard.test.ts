import { type Facts, makePlan, type Vantage } from '@oddnode/protocol'
import t from 'tap'
import { good } from '../world.ts'
import { isFound } from './fault-names.ts'
import { faultPlanInput } from './fault-plan.ts'
import { faultWorld, named, nodeLocalFacts, resolvConf, type Sees, single, worldOf } from './fault-world.ts'

const domain = 'corp.example'
const search = ['oddnode.svc.cluster.local', 'svc.cluster.local', 'cluster.local', domain]

const plan = (vantage: Vantage, node: string) =>
  makePlan({
    ...faultPlanInput(vantage),
    asksForGroup: vantage === 'pod' && node === 'node-2',
    wildcardDomains: search,
  })
const facts = (node: string, vantage: Vantage): Facts => ({
  ...nodeLocalFacts(node, vantage),
  ...(vantage === 'pod' ? { resolvConf: resolvConf(['169.254.20.10'], search, ['ndots:5']) } : {}),
})

const wildcard: Sees = (_, { question, name }) =>
  question === 'wildcard' && name?.endsWith(domain) ? good(['198.51.100.80']) : null
const seen = (sees: Sees) => named(worldOf(sees, { plan, facts }))

t.test('a search domain answers every name', async (t) => {
  t.match(single(seen(wildcard)), {
    fault: 'search-domain-has-wildcard',
    severity: 'warning',
    confidence: 'certain',
    scope: { kind: 'cluster' },
    story: 'Search domain corp.example answers every name: pods that ask for www.example.com get 198.51.100.80.',
    confirm: [/: dig \+short oddnode-wildcard-check\.corp\.example\.$/],
    remedy: 'Take corp.example out of the search list, or the wildcard out of its zone.',
  })
})

t.test('a domain that DHCP set runs nothing where its command is copied', async (t) => {
  const hostile = '$(id)'
  const searching = [...search, hostile]
  const found = single(
    named(
      worldOf((_, { question, name }) => (question === 'wildcard' && name?.endsWith(hostile) ? good() : null), {
        plan: (vantage, node) =>
          makePlan({
            ...faultPlanInput(vantage),
            asksForGroup: vantage === 'pod' && node === 'node-2',
            wildcardDomains: searching,
          }),
        facts: (node, vantage) => ({
          ...nodeLocalFacts(node, vantage),
          ...(vantage === 'pod' ? { resolvConf: resolvConf(['169.254.20.10'], searching, ['ndots:5']) } : {}),
        }),
      }),
    ),
  )
  t.match(found.confirm, [/: dig \+short oddnode-wildcard-check\.'\$\(id\)'\.$/])
})

t.test('only the nodes whose pods search it', async (t) => {
  const cluster = (node: string, vantage: Vantage): Facts =>
    node === 'node-3' ? nodeLocalFacts(node, vantage) : facts(node, vantage)
  const findings = named(worldOf(wildcard, { plan, facts: cluster }))
  t.match(
    findings.find(({ fault }) => fault === 'search-domain-has-wildcard'),
    {
      scope: { kind: 'group', nodes: ['node-1', 'node-2'] },
    },
  )
  const untold = (node: string, vantage: Vantage): Facts => ({ ...nodeLocalFacts(node, vantage) })
  t.match(single(named(worldOf(wildcard, { plan, facts: untold }))), { scope: { kind: 'node', nodes: ['node-2'] } })
})

t.test('it is not named', async (t) => {
  t.same(
    seen(() => null),
    [],
  )
  const fails: Sees = (_, { question }) => (question === 'wildcard' ? 'SERVFAIL' : null)
  t.notOk(
    seen(fails).some(({ fault }) => fault === 'search-domain-has-wildcard'),
    'where the domain fails',
  )
  const invalid: Sees = (_, { question }) => (question === 'invalid' ? good(['198.51.100.80']) : null)
  t.match(single(seen(invalid)), { fault: 'external-answers-wrong' }, 'where names outside of it are answered')
})

t.test('it ends', async (t) => {
  const world = faultWorld({ plan, facts })
  t.equal(world.run(8, wildcard).length, 1)
  t.equal(world.run(2, () => null).length, 1)
  t.same(
    world.run(1, () => null),
    [],
  )
})

t.test('a domain that fails has none', async (t) => {
  t.notOk(
    isFound('search-domain-has-wildcard', (_, { question }) => (question === 'wildcard' ? 'SERVFAIL' : null), {
      plan,
      facts,
    }),
  )
})
