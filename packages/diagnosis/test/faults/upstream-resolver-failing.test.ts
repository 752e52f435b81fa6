import type { Facts, Vantage } from '@oddnode/protocol'
import { makePlan, observationOf } from '@oddnode/protocol'
import t from 'tap'
import { start } from '../world.ts'
import { isFound } from './fault-names.ts'
import { faultPlanInput, targetAt } from './fault-plan.ts'
import {
  faultCluster,
  faultWorld,
  named,
  nodeLocalFacts,
  type Sees,
  single,
  type Wrong,
  worldOf,
} from './fault-world.ts'

const everyNode = ['node-1', 'node-2', 'node-3']

/** These hosts see this of the upstream; what they forward fails: their cache, and the CoreDNS pods that run there. */
const lost =
  (nodes: readonly string[], seen: Wrong = 'timeout', forwarded: Wrong = 'SERVFAIL'): Sees =>
  (node, { vantage, role, address, question }) => {
    if (question !== 'external') return null
    if (role === 'upstream') return vantage === 'host' && nodes.includes(node) ? seen : null
    if (role === 'node-local') return nodes.includes(node) ? forwarded : null
    const hosts: Record<string, string> = { '10.244.1.2': 'node-1', '10.244.3.2': 'node-3' }
    return role === 'endpoint' && nodes.includes(hosts[address] ?? '') ? forwarded : null
  }

t.test('from one node that runs a cache', async (t) => {
  t.match(single(named(worldOf(lost(['node-2'])))), {
    fault: 'upstream-resolver-failing',
    severity: 'critical',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'], subject: { role: 'upstream', address: '192.0.2.53' } },
    story:
      'From node-2 the upstream resolver 192.0.2.53 does not answer: names outside the cluster fail, cluster names work.',
    confirm: [
      /oddnode check/,
      'on node-2: dig +time=2 +tries=1 @192.0.2.53 www.example.com.',
      "kubectl -n kube-system logs -l k8s-app=kube-dns | grep 'i/o timeout'",
    ],
  })
})

t.test('from a node with a CoreDNS pod: what others ask that pod is explained', async (t) => {
  t.match(single(named(worldOf(lost(['node-1'])))), { scope: { kind: 'node', nodes: ['node-1'] } })
})

t.test('one of two upstreams, from every node: names still resolve by the other', async (t) => {
  const targets = [...faultPlanInput('host').targets, targetAt('upstream', '192.0.2.54')]
  const plan = (vantage: Vantage) => makePlan({ ...faultPlanInput(vantage), targets })
  const dead: Sees = (_, { role, address }) => (role === 'upstream' && address === '192.0.2.54' ? 'timeout' : null)
  t.match(single(named(worldOf(dead, { plan }), 12)), {
    fault: 'upstream-resolver-failing',
    severity: 'warning',
    scope: { kind: 'cluster', subject: { role: 'upstream', address: '192.0.2.54' } },
    story:
      'From every node the upstream resolver 192.0.2.54 does not answer; another one answers, and names outside the cluster still resolve, some of them late.',
  })
  const says = (message: string) =>
    everyNode.map((node) => ({ reason: 'DNSConfigForming' as const, node, pod: 'a/b', message, lastSeenAt: start }))
  const toldWith = (message: string) =>
    named(worldOf(dead, { plan, cluster: { ...faultCluster(), events: says(message) } }), 12).map(({ fault }) => fault)
  t.ok(
    toldWith('Search Line limits were exceeded').includes('upstream-resolver-failing'),
    'a search list that was cut has nothing to do with it',
  )
  t.notOk(
    toldWith('Nameserver limits were exceeded, the applied nameserver line is: 192.0.2.54').includes(
      'upstream-resolver-failing',
    ),
  )
})

t.test('from two nodes of a zone, and from every node', async (t) => {
  t.match(single(named(worldOf(lost(['node-1', 'node-3'])))), {
    scope: { kind: 'group', nodes: ['node-1', 'node-3'], shared: { zone: 'zone-1' } },
    story: /^From node-1 and node-3 the upstream/,
  })
  t.match(single(named(worldOf(lost(everyNode)))), {
    scope: { kind: 'cluster', nodes: [], subject: { role: 'upstream', address: '192.0.2.53' } },
    story: /^From every node the upstream resolver 192\.0\.2\.53 does not answer/,
  })
})

t.test('what is wrong with it', async (t) => {
  t.match(single(named(worldOf(lost(everyNode, 'SERVFAIL')))).story, '192.0.2.53 answers SERVFAIL:')
  const late = observationOf('late', { rcode: 0, seconds: 3, answers: ['203.0.113.7'] })
  t.match(single(named(worldOf(lost(everyNode, late, late)))).story, '192.0.2.53 is slow:')
  t.match(single(named(worldOf(lost(everyNode, late)))).story, '192.0.2.53 is slow:')
})

t.test('caches hide it for two rounds', async (t) => {
  const cached: Sees = (node, probe, round) =>
    probe.role === 'upstream' || round > 6 ? lost(everyNode)(node, probe, round) : null
  t.match(single(named(worldOf(cached), 12)), { fault: 'upstream-resolver-failing' })
})

const ipv6 =
  (address: boolean) =>
  (node: string, vantage: Vantage): Facts => ({
    ...nodeLocalFacts(node, vantage),
    network: {
      defaultRouteIpv4: true,
      defaultRouteIpv6: address,
      globalIpv6: address,
      ipForward: true,
      bridgeNfCallIptables: null,
      ipNonlocalBind: false,
      ipvs: false,
    },
  })

t.test('it is not named', async (t) => {
  const faultsOf = (sees: Sees, setting: Parameters<typeof worldOf>[1] = {}) =>
    named(worldOf(sees, setting)).map(({ fault }) => fault)
  const name = 'upstream-resolver-failing'
  t.notOk(faultsOf(lost(everyNode, 'REFUSED')).includes(name), 'where it answers REFUSED')
  t.notOk(faultsOf(lost(everyNode, 'NXDOMAIN', 'NXDOMAIN')).includes(name), 'where the name does not exist')
  t.notOk(faultsOf(lost(['node-2'], 'timeout', null)).includes(name), 'where nobody uses it')
  const pods: Sees = (_, { role, vantage }) => (role === 'upstream' && vantage === 'pod' ? 'timeout' : null)
  t.notOk(faultsOf(pods).includes(name), 'where only pods may not ask it')
  const nothing: Sees = (_, { role }) => (role === 'api-server' ? null : 'timeout')
  t.notOk(faultsOf(nothing).includes(name), 'where names of the cluster fail too')
  const udp: Sees = (node, probe, round) => (probe.transport === 'udp' ? lost(everyNode)(node, probe, round) : null)
  t.notOk(faultsOf(udp).includes(name), 'where it answers over TCP')
  const share: Sees = (node, probe, round) => (round % 3 === 0 ? lost(everyNode)(node, probe, round) : null)
  t.notOk(faultsOf(share).includes(name), 'where a share is lost')
})

const planWithUpstream = (address: string) => (vantage: Vantage) => {
  const input = faultPlanInput(vantage)
  const others = input.targets.filter(({ role }) => role !== 'upstream')
  return makePlan({ ...input, targets: [...others, targetAt('upstream', address)] })
}

const sixth = '2001:db8::53'
t.test('an upstream that is the own DNS, or one without a way to it, is another fault', async (t) => {
  const cluster = faultCluster()
  const setting = (address: string, facts: ReturnType<typeof ipv6>) => ({
    plan: planWithUpstream(address),
    facts,
    cluster,
  })
  const faultsOf = (address: string, hasRoute: boolean) =>
    named(worldOf(lost(everyNode), setting(address, ipv6(hasRoute)))).map(({ fault }) => fault)
  t.ok(faultsOf(sixth, true).includes('upstream-resolver-failing'))
  t.notOk(faultsOf(sixth, false).includes('upstream-resolver-failing'))
  t.notOk(faultsOf('127.0.0.1', true).includes('upstream-resolver-failing'))
})

t.test('it ends', async (t) => {
  const world = faultWorld()
  t.equal(world.run(8, lost(everyNode)).length, 1)
  t.equal(world.run(2, () => null).length, 1)
  t.same(
    world.run(1, () => null),
    [],
  )
})

t.test('over UDP alone it is not the resolver: that is known when TCP was asked since', async (t) => {
  const udpOnly: Sees = (_, { role, transport, question }) =>
    (role === 'upstream' && transport === 'udp' ? 'timeout' : null) ??
    (role !== 'upstream' && question === 'external' ? 'SERVFAIL' : null)
  t.notOk(named(worldOf(udpOnly)).some(({ fault }) => fault === 'upstream-resolver-failing'))
})

t.test('not before it is sure', async (t) => {
  t.notOk(isFound('upstream-resolver-failing', lost(['node-2']), {}, 4))
})
