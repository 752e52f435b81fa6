import t from 'tap'
import { faultsOf } from './fault-names.ts'
import { planWithout } from './fault-plan.ts'
import {
  faultCluster,
  faultWorld,
  named,
  nodeLocalFacts,
  type ProbeOf,
  type Setting,
  type Wrong,
  worldOf,
} from './fault-world.ts'

const nodeLocal = ({ role }: ProbeOf) => role === 'node-local'
const dead = (got: Wrong) => (node: string, probe: ProbeOf) => (node === 'node-2' && nodeLocal(probe) ? got : null)

t.test('nothing listens on the address', async (t) => {
  const [finding, ...others] = named(worldOf(dead('refused')))
  t.same(others, [])
  t.match(finding, {
    fault: 'node-local-dns-not-running',
    severity: 'critical',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story:
      'Node-local DNS on node-2 answers neither host nor pods: nothing listens on 169.254.20.10; CoreDNS itself answers.',
  })
  t.match(finding?.confirm[1], /--field-selector spec\.nodeName=node-2$/)
})

t.test('it hangs: TCP connects and UDP is taken, but no answer comes', async (t) => {
  const found = named(worldOf(dead('timeout')))
  t.match(found, [{ fault: 'node-local-dns-not-running', story: /: it hangs; CoreDNS itself answers\.$/ }])
  t.equal(found.length, 1)
})

t.test(
  'what goes with it has no other name: a ClusterIP that is the same process, the nameserver of pods',
  async (t) => {
    const facts: Setting['facts'] = (...who) => ({
      ...nodeLocalFacts(...who),
      localAddresses: ['169.254.20.10', '10.96.0.10'],
    })
    const sees = (node: string, { role }: ProbeOf): Wrong =>
      node === 'node-2' && (role === 'node-local' || role === 'cluster-dns') ? 'refused' : null
    const found = named(worldOf(sees, { facts }))
    t.match(found, [{ fault: 'node-local-dns-not-running', confidence: 'certain' }])
    t.equal(found.length, 1)
  },
)

t.test('it is on two nodes: a group', async (t) => {
  const found = named(worldOf((node, probe) => (node !== 'node-3' && nodeLocal(probe) ? 'refused' : null)))
  t.match(found, [{ scope: { kind: 'group', nodes: ['node-1', 'node-2'] }, fault: 'node-local-dns-not-running' }])
})

t.test('it ends', async (t) => {
  const world = faultWorld()
  t.equal(world.run(8, dead('refused')).length, 1)
  t.equal(world.run(2, () => null).length, 1)
  t.same(
    world.run(1, () => null),
    [],
  )
})

t.test('it is told after three rounds, and by no other name before', async (t) => {
  const world = faultWorld()
  t.same(world.run(2, dead('refused')), [])
  t.same(faultsOf(world.run(1, dead('refused'))), ['node-local-dns-not-running'])
})

t.test('not where only pods get no answer', async (t) => {
  const pods = worldOf((node, probe) =>
    node === 'node-2' && nodeLocal(probe) && probe.vantage === 'pod' ? 'timeout' : null,
  )
  t.same(faultsOf(named(pods)), ['pods-cannot-reach-node-local-dns'])
})

t.test('not where only the host gets none', async (t) => {
  const host = worldOf((node, probe) =>
    node === 'node-2' && nodeLocal(probe) && probe.vantage === 'host' ? 'timeout' : null,
  )
  t.same(faultsOf(named(host)), ['unexplained-difference'])
})

t.test('not where the address is on no interface', async (t) => {
  const facts: Setting['facts'] = (...who) =>
    who[0] === 'node-2' ? { ...nodeLocalFacts(...who), localAddresses: [] } : nodeLocalFacts(...who)
  t.same(faultsOf(named(worldOf(dead('timeout'), { facts }))), ['node-local-dns-address-missing'])
  const unknown: Setting['facts'] = (...who) => (who[0] === 'node-2' ? {} : nodeLocalFacts(...who))
  t.same(faultsOf(named(worldOf(dead('timeout'), { facts: unknown }))), ['unexplained-difference'])
})

t.test('not where CoreDNS answers that node neither', async (t) => {
  const all = worldOf((node, { role }) =>
    node === 'node-2' && (role === 'node-local' || role === 'endpoint' || role.startsWith('cluster-dns'))
      ? 'refused'
      : null,
  )
  t.notOk(faultsOf(named(all)).includes('node-local-dns-not-running'))
})

t.test('not where a filter denies the host its own packets', async (t) => {
  const denied = worldOf((node, probe) =>
    node === 'node-2' && nodeLocal(probe) ? (probe.vantage === 'host' ? 'denied' : 'timeout') : null,
  )
  t.notOk(faultsOf(named(denied)).includes('node-local-dns-not-running'))
})

t.test('without CoreDNS pods to ask it is not known whether they answer', async (t) => {
  t.same(faultsOf(named(worldOf(dead('refused'), { plan: planWithout('endpoint') }))), ['unexplained-difference'])
})

t.test('without a pod agent on the node it is only possible', async (t) => {
  const sees = (node: string, probe: ProbeOf): Wrong => (probe.vantage === 'host' ? dead('refused')(node, probe) : null)
  const plan = planWithout('node-local')
  const whole = planWithout()
  const found = named(worldOf(sees, { plan: (vantage) => (vantage === 'pod' ? plan : whole)(vantage) }))
  t.match(found, [{ fault: 'node-local-dns-not-running', confidence: 'possible' }])
})

t.test('where all of DNS was stopped, both are told', async (t) => {
  const cluster = faultCluster()
  const none = { ...cluster, dns: { ...cluster.dns, endpoints: [] } }
  const stopped = (cache: Wrong) =>
    named(
      worldOf((_, { role }) => (role === 'node-local' ? cache : isClusterIp(role) ? 'refused' : null), {
        cluster: none,
        plan: planWithout('endpoint'),
      }),
    )
  const found = stopped('refused')
  t.same(faultsOf(found).sort(), ['cluster-dns-has-no-endpoints', 'node-local-dns-not-running'])
  t.match(
    found.find(({ fault }) => fault === 'node-local-dns-not-running'),
    {
      scope: { kind: 'cluster' },
      story: /nothing listens on 169\.254\.20\.10; no CoreDNS pod is ready either\.$/,
    },
  )
  t.same(faultsOf(stopped('SERVFAIL')), ['cluster-dns-has-no-endpoints'], 'a cache that runs says so')
})

const isClusterIp = (role: ProbeOf['role']) => role === 'cluster-dns' || role === 'cluster-dns-upstream'
