import { Plan } from '@oddnode/protocol/schema'
import t from 'tap'
import { Value } from 'typebox/value'
import { ownUpstreams, type PlanContent, planOf, searchOf, servesCluster } from '../../src/plans/plan-of.ts'
import { podSearch, resolvConfOf } from '../cluster/agents.ts'
import { clusterOf, dnsEndpoint } from '../cluster/cluster-of.ts'
import { configOf } from './config-of.ts'

const content: PlanContent = {
  vantage: 'pod',
  nameserver: '10.96.0.12',
  servesCluster: true,
  wildcardDomains: null,
  upstreams: ['192.0.2.53'],
  endpoints: [{ endpoint: dnsEndpoint('10.244.1.2'), everyRounds: 8 }],
  clusterIpRounds: 2,
  nodeLocalRounds: 1,
  sparesConnections: false,
}
const settings = (...flags: string[]) => ({ cluster: clusterOf(), config: configOf(...flags), namespace: 'oddnode' })

t.test('a plan of the schema', async (t) => {
  const plan = planOf(
    content,
    settings('--targets.ntp=192.0.2.123', '--advertise=10.1.2.3', '--names.external=example.com'),
  )
  t.ok(Value.Check(Plan, plan))
  t.match(plan, {
    intervalSeconds: 15,
    names: { clusterDomain: 'cluster.local', namespace: 'oddnode', external: 'example.com', canary: null },
    ntp: [{ address: '192.0.2.123', port: 123 }],
    aggregators: ['http://10.1.2.3:8530'],
  })
  t.strictSame(
    plan.targets.map(({ role }) => role),
    ['node-local', 'cluster-dns', 'cluster-dns-upstream', 'endpoint', 'upstream', 'api-server', 'resolv-conf'],
  )
  const periods = (role: string) =>
    plan.probes.filter(({ target }) => plan.targets[target]?.role === role).map(({ everySeconds }) => everySeconds)
  t.equal(Math.min(...periods('endpoint')), 120)
  t.equal(Math.min(...periods('cluster-dns')), 30)
  t.equal(Math.min(...periods('node-local')), 0)
})

t.test('controls: readiness of endpoints, and the health page where it is known', async (t) => {
  const asked = (...flags: string[]) =>
    planOf(content, settings(...flags)).probes.map(({ question, port }) => `${question} ${port ?? ''}`.trim())
  t.ok(asked().includes('reach 8181'))
  t.ok(asked().includes('health 8080'))
  t.notOk(asked('--targets.nodeLocal=10.0.0.9').some((one) => one.startsWith('health')))
})

t.test('large answers are asked where there are names that have them', async (t) => {
  const cluster = clusterOf({ largeNames: [{ name: 'large.oddnode.svc.cluster.local', octets: 1460 }] })
  const sizes = planOf(content, { ...settings(), cluster }).probes.filter(({ question }) => question === 'large')
  t.ok(sizes.length > 0 && sizes.every(({ size, name }) => size === 1460 && name === 'large.oddnode.svc.cluster.local'))
})

t.test('a node with a full connection table is asked for no pairs of queries', async (t) => {
  const pairs = (sparesConnections: boolean) =>
    planOf({ ...content, sparesConnections }, settings()).probes.filter(({ question }) => question === 'pair').length
  t.ok(pairs(false) > 0)
  t.equal(pairs(true), 0)
})

t.test('the canary, as long as its whole answer fits', async (t) => {
  const canary = (agents: number) => {
    const addresses = Array.from({ length: agents }, (_, i) => `10.244.${i}.9`)
    const cluster = clusterOf({ canary: { name: 'oddnode-agents.oddnode.svc.cluster.local', addresses, changedAt: 0 } })
    return planOf(content, { ...settings(), cluster }).names.canary
  }
  t.equal(canary(3), 'oddnode-agents.oddnode.svc.cluster.local')
  t.equal(canary(28), 'oddnode-agents.oddnode.svc.cluster.local')
  t.equal(canary(29), null)
})

t.test('one agent of a group asks more', async (t) => {
  const questions = (wildcardDomains: string[] | null) =>
    planOf({ ...content, wildcardDomains }, settings('--names.external=example.com')).probes.map(
      ({ question }) => question,
    )
  for (const question of ['invalid', 'case', 'trap', 'wildcard'] as const) {
    t.ok(questions(['example.org']).includes(question), question)
    t.notOk(questions(null).includes(question), question)
  }
})

t.test('settings win over what was discovered', async (t) => {
  const { names } = planOf(content, settings('--names.clusterDomain=set.local'))
  t.equal(names.clusterDomain, 'set.local')
  t.match(planOf(content, { ...settings(), cluster: null }).names, { clusterDomain: null, canary: null })
})

t.test('search lists', async (t) => {
  const facts = {
    resolvConf: resolvConfOf({ search: [...podSearch, 'cluster.local', 'not a domain', 'x'.repeat(300)] }),
  }
  t.strictSame(searchOf(facts), podSearch)
  t.equal(servesCluster(facts), true)
  t.equal(servesCluster({ resolvConf: resolvConfOf({ search: ['example.com'] }) }), false)
  t.equal(servesCluster(null), false)
})

t.test('a node asks its own upstreams only', async (t) => {
  const dns = { upstreams: ['192.0.2.1', '192.0.2.2', '192.0.2.3'], forwards: ['192.0.2.1', '/etc/resolv.conf'] }
  const host = { resolvConf: resolvConfOf({ usedNameservers: ['192.0.2.3', '192.0.2.9'] }) }
  const cluster = clusterOf({ source: 'kubernetes' }, dns)
  t.strictSame(ownUpstreams(cluster, host), ['192.0.2.1', '192.0.2.3'])
  t.strictSame(ownUpstreams(cluster, null), ['192.0.2.1'])
  t.strictSame(ownUpstreams(clusterOf({}, dns), null), dns.upstreams, 'what a file says is meant for all')
})
