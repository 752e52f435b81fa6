import { type Facts, makePlan, type Vantage } from '@oddnode/protocol'
import t from 'tap'
import { faultPlanInput, targetAt } from './fault-plan.ts'
import { faultWorld, named, nodeLocalFacts, resolvConf, type Sees, single, worldOf } from './fault-world.ts'

const sixth = '2001:db8::53'
type Network = NonNullable<Facts['network']>
const network = (changes: Partial<Network>): Network => ({
  defaultRouteIpv4: true,
  defaultRouteIpv6: true,
  globalIpv6: true,
  ipForward: true,
  bridgeNfCallIptables: null,
  ipNonlocalBind: false,
  ipvs: false,
  ...changes,
})

const unrouted = { defaultRouteIpv6: false, globalIpv6: false }
const facts =
  (nodes: readonly string[], changes: Partial<Network> = unrouted, nameservers = ['192.0.2.53', sixth]) =>
  (node: string, vantage: Vantage): Facts => {
    const usual = nodeLocalFacts(node, vantage)
    if (vantage !== 'host' || !nodes.includes(node)) return usual
    return { ...usual, resolvConf: resolvConf(nameservers), network: network(changes) }
  }

const plan = (vantage: Vantage) => {
  const input = faultPlanInput(vantage)
  return makePlan({ ...input, targets: [...input.targets, targetAt('upstream', sixth)] })
}
const lost =
  (nodes: readonly string[]): Sees =>
  (node, { address }) =>
    address === sixth && nodes.includes(node) ? 'unreachable' : null
const seen = (wanted: ReturnType<typeof facts>, sees: Sees = lost(['node-2'])) =>
  named(worldOf(sees, { plan, facts: wanted }))
const isNamed = (...args: Parameters<typeof seen>) =>
  seen(...args).some(({ fault }) => fault === 'ipv6-upstream-without-route')

t.test('a host names an IPv6 resolver and has no route', async (t) => {
  t.match(
    single(
      seen(facts(['node-2']), (node, probe) => (probe.vantage === 'host' ? lost(['node-2'])(node, probe, 0) : null)),
    ),
    {
      fault: 'ipv6-upstream-without-route',
      severity: 'warning',
      confidence: 'certain',
      scope: { kind: 'node', nodes: ['node-2'] },
      story: 'node-2 lists IPv6 resolver 2001:db8::53 but has no IPv6 route: a share of external queries fails.',
      confirm: [/oddnode check/, 'on node-2: ip -6 route', 'on node-2: cat /etc/resolv.conf'],
      remedy: /^Take 2001:db8::53 out/,
    },
  )
})

t.test('names outside fail through the cache: still this', async (t) => {
  const only: Sees = (node, probe) =>
    node === 'node-2' && probe.role === 'node-local' && probe.question === 'external'
      ? 'SERVFAIL'
      : lost(['node-2'])(node, probe, 0)
  t.match(single(seen(facts(['node-2'], { globalIpv6: false }, [sixth]), only)), {
    fault: 'ipv6-upstream-without-route',
  })
})

t.test('several nodes', async (t) => {
  const two = ['node-1', 'node-3']
  t.match(single(seen(facts(two), lost(two))), {
    scope: { kind: 'group', nodes: two },
    story: /^node-1 and node-3 list IPv6 resolver 2001:db8::53 but have no IPv6 route:/,
  })
})

t.test('where nobody asks it, it is possible', async (t) => {
  t.match(single(named(worldOf(() => null, { facts: facts(['node-2']) }))), { confidence: 'possible' })
})

t.test('it is not named', async (t) => {
  t.notOk(isNamed(facts(['node-2'], {})), 'where there is a route')
  t.notOk(isNamed(facts(['node-2'], { defaultRouteIpv6: null, globalIpv6: null })), 'where that is not known')
  t.notOk(
    isNamed(facts(['node-2']), () => null),
    'where it answers all the same',
  )
  t.notOk(isNamed(facts(['node-2'], unrouted, ['192.0.2.53'])), 'where only IPv4 is named')
  t.notOk(
    isNamed(facts(['node-2'], unrouted, ['fe80::1%eth0', '::1']), () => null),
    'where it needs no route',
  )
  const upstream: Sees = (_, { role, question }) =>
    role === 'upstream' ? 'timeout' : role === 'node-local' && question === 'external' ? 'SERVFAIL' : null
  t.match(single(named(worldOf(upstream))), { fault: 'upstream-resolver-failing' })
})

t.test('it ends', async (t) => {
  let nodes = ['node-2']
  const world = faultWorld({ plan, facts: (node, vantage) => facts(nodes)(node, vantage) })
  t.equal(world.run(8, lost(['node-2'])).length, 1)
  nodes = []
  t.equal(world.run(2, () => null).length, 1)
  t.same(
    world.run(1, () => null),
    [],
  )
})
