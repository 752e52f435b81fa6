import type { Facts } from '@oddnode/protocol'
import t from 'tap'
import { isFound, namesOf, oneByOne } from './fault-names.ts'
import { planWithout } from './fault-plan.ts'
import { faultWorld, named, nodeLocalFacts, type ProbeOf, type Sees, type Setting, worldOf } from './fault-world.ts'

const name = 'host-has-no-route-to-cluster-ip'
const beyond = ['cluster-dns', 'cluster-dns-upstream', 'api-server', 'upstream']
const isClusterName = ({ question }: ProbeOf) => ['kubernetes', 'version', 'missing'].includes(question)

/** Without a default route the host reaches neither ClusterIPs nor the outside, node-local DNS among its processes. */
const noRoute =
  (...odd: string[]): Sees =>
  (node, { vantage, role }) => {
    if (!odd.includes(node)) return null
    if (role === 'node-local') return 'SERVFAIL'
    if (role === 'upstream') return 'unreachable'
    return vantage === 'host' && beyond.includes(role) ? 'unreachable' : null
  }

const withRoute =
  (defaultRouteIpv4: boolean | null, ...odd: string[]): NonNullable<Setting['facts']> =>
  (...who): Facts => ({
    ...nodeLocalFacts(...who),
    network: {
      defaultRouteIpv4: odd.includes(who[0]) ? defaultRouteIpv4 : true,
      defaultRouteIpv6: null,
      globalIpv6: null,
      ipForward: null,
      bridgeNfCallIptables: null,
      ipNonlocalBind: null,
      ipvs: false,
    },
  })
const onNode2: Setting = { facts: withRoute(false, 'node-2') }

t.test('a node without a default route', async (t) => {
  const [finding, ...others] = named(worldOf(noRoute('node-2'), onNode2))
  t.same(others, [])
  t.match(finding, {
    fault: name,
    severity: 'critical',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story: 'node-2 has no route for ClusterIPs: host processes cannot use 10.96.0.10 and 10.96.0.11, pods can.',
    confirm: [/oddnode check/, 'on node-2: ip route get 10.96.0.10'],
  })
})

t.test('without node-local DNS it is a warning', async (t) => {
  t.match(named(worldOf(noRoute('node-2'), { ...onNode2, plan: planWithout('node-local') })), [
    { fault: name, severity: 'warning' },
  ])
})

t.test('a group, and it ends', async (t) => {
  const world = faultWorld({ facts: withRoute(false, 'node-1', 'node-2') })
  t.match(world.run(8, noRoute('node-1', 'node-2')), [
    {
      fault: name,
      scope: { kind: 'group', nodes: ['node-1', 'node-2'] },
      story: /^node-1 and node-2 have no route for ClusterIPs/,
    },
  ])
  t.same(
    world.run(3, () => null),
    [],
  )
})

t.test('not where the host waits in vain', async (t) => {
  const sees: Sees = (node, probe, round) =>
    noRoute('node-2')(node, probe, round) === 'unreachable' ? 'timeout' : null
  t.notOk(namesOf(sees, onNode2).includes(name))
})

t.test('not where pods cannot use it either', async (t) => {
  const sees: Sees = (node, { role }) => (node === 'node-2' && role === 'cluster-dns' ? 'unreachable' : null)
  t.notOk(namesOf(sees, onNode2).includes(name))
})

t.test('not where the host reaches no CoreDNS pod', async (t) => {
  const sees: Sees = (node, probe, round) =>
    node === 'node-2' && probe.vantage === 'host' && probe.role === 'endpoint'
      ? 'unreachable'
      : noRoute('node-2')(node, probe, round)
  t.notOk(namesOf(sees, onNode2).includes(name))
})

t.test('not where there is a default route; unknown: possible', async (t) => {
  const sees: Sees = (node, probe) =>
    probe.role === 'upstream' || (probe.role === 'node-local' && !isClusterName(probe))
      ? null
      : noRoute('node-2')(node, probe, 0)
  t.notOk(namesOf(sees, { facts: withRoute(true, 'node-2') }).includes(name))
  t.match(named(worldOf(sees, { facts: withRoute(null, 'node-2') })), [{ fault: name, confidence: 'possible' }])
  t.match(named(worldOf(sees)), [{ fault: name, confidence: 'possible' }])
})

t.test('not before all that the host asks is unreachable', async (t) => {
  t.notOk(isFound(name, oneByOne(noRoute('node-2')), onNode2, 3))
})
