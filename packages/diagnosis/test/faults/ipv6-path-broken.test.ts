import t from 'tap'
import { isFound, oneByOne } from './fault-names.ts'
import { faultPlanInput, planWith, targetAt } from './fault-plan.ts'
import { faultCluster, faultWorld, named, type ProbeOf, type Sees, worldOf } from './fault-world.ts'

const CLUSTER_DNS = 'fd00:10:96::a'
const ENDPOINT = 'fd00:10:244:1::2'

const cluster = faultCluster()
const [first] = cluster.dns.endpoints ?? []
if (first) cluster.dns.endpoints?.push({ ...first, address: ENDPOINT })
const plan = planWith({
  targets: [...faultPlanInput('host').targets, targetAt('cluster-dns', CLUSTER_DNS), targetAt('endpoint', ENDPOINT)],
})
const setting = { plan, cluster }

const isSix = ({ address }: ProbeOf) => address.includes(':')
const six =
  (isMeant: (node: string, probe: ProbeOf) => boolean): Sees =>
  (node, probe) =>
    isSix(probe) && isMeant(node, probe) ? 'timeout' : null

t.test('one node gets answers over IPv4 only', async (t) => {
  const [finding, ...others] = named(
    worldOf(
      six((node) => node === 'node-2'),
      setting,
    ),
  )
  t.same(others, [])
  t.match(finding, {
    fault: 'ipv6-path-broken',
    severity: 'warning',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story:
      'On node-2 cluster DNS 10.96.0.10 (fd00:10:96::a) and CoreDNS endpoint 10.244.1.2 (fd00:10:244:1::2) answer over IPv4 but not over IPv6.',
    confirm: [/oddnode check/, 'on node-2: ip -6 route get fd00:10:96::a'],
  })
})

t.test('of one server, and as a group', async (t) => {
  const some = six((node, { role }) => node !== 'node-1' && role === 'endpoint')
  t.match(named(worldOf(some, setting)), [
    {
      scope: { kind: 'group', nodes: ['node-2', 'node-3'] },
      story: 'On node-2 and node-3 CoreDNS endpoint 10.244.1.2 (fd00:10:244:1::2) answers over IPv4 but not over IPv6.',
    },
  ])
})

t.test('only the ClusterIP: its rules', async (t) => {
  t.match(
    named(
      worldOf(
        six((node, { role }) => node === 'node-2' && role === 'cluster-dns'),
        setting,
      ),
    ),
    [{ fault: 'service-rules-broken-on-node' }],
  )
})

t.test('not where no node gets an answer over IPv6', async (t) => {
  t.notOk(
    named(
      worldOf(
        six(() => true),
        setting,
      ),
    ).some(isIt),
  )
})

t.test('not where IPv4 fails, too', async (t) => {
  const both: Sees = (node, { role, vantage }) =>
    node === 'node-2' && vantage === 'pod' && (role === 'cluster-dns' || role === 'endpoint') ? 'timeout' : null
  t.notOk(named(worldOf(both, setting)).some(isIt))
})

t.test('not where there is an answer, if a wrong one', async (t) => {
  const wrong: Sees = (node, probe) => (node === 'node-2' && isSix(probe) ? 'SERVFAIL' : null)
  t.notOk(named(worldOf(wrong, setting)).some(isIt))
})

t.test('it ends', async (t) => {
  const world = faultWorld(setting)
  t.equal(
    world.run(
      8,
      six((node) => node === 'node-2'),
    ).length,
    1,
  )
  t.same(
    world.run(3, () => null),
    [],
  )
})

const isIt = ({ fault }: { fault: string }): boolean => fault === 'ipv6-path-broken'

t.test('not before nothing is answered over IPv6', async (t) => {
  t.notOk(isFound('ipv6-path-broken', oneByOne(six((node) => node === 'node-2')), setting, 3))
})
