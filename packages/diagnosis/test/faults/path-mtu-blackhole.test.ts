import t from 'tap'
import { isFound } from './fault-names.ts'
import { faultCluster, faultWorld, named, type ProbeOf, type Sees, threeNodes, worldOf } from './fault-world.ts'
import { isLarge, isRemote, largePlan } from './large-plan.ts'

const plan = largePlan()
const isOverTheWire = ({ role }: ProbeOf) => role === 'endpoint' || role === 'cluster-dns'

/** What a narrow path does to large answers: those of one packet are lost, over TCP all are; node-local DNS asks over TCP. */
const lostOn = (probe: ProbeOf, octets = 1460) => {
  if (!isLarge(probe, octets)) return null
  if (probe.role === 'node-local') return 'SERVFAIL'
  if (probe.transport === 'tcp') return 'timeout'
  return (probe.size ?? 0) <= 1472 ? 'timeout' : null
}

const narrow =
  (octets = 1460): Sees =>
  (node, probe) =>
    node === 'node-2' && (isOverTheWire(probe) || probe.role === 'node-local') ? lostOn(probe, octets) : null

t.test('trap 6: the path to one node carries 1450 octets, or 1400', async (t) => {
  const [finding, ...others] = named(worldOf(narrow(), { plan }))
  t.same(others, [])
  t.match(finding, {
    fault: 'path-mtu-blackhole',
    severity: 'warning',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story:
      'On node-2 answers of 1460 octets from cluster DNS 10.96.0.10, CoreDNS endpoint 10.244.1.2 and CoreDNS endpoint 10.244.3.2 get lost: the path carries at most 1487 and says so to nobody.',
    confirm: ['on node-2: ping -M do -s 1460 -c 2 10.96.0.10'],
  })
  t.match(named(worldOf(narrow(1400), { plan })), [
    { fault: 'path-mtu-blackhole', story: /^On node-2 answers of 1400 octets .* at most 1427 and/ },
  ])
})

t.test('a node with a CoreDNS pod: what others lose from there is its fault, too', async (t) => {
  const both: Sees = (node, probe) => {
    const isCut =
      probe.role === 'endpoint'
        ? (node === 'node-3') !== (probe.address === '10.244.3.2')
        : node === 'node-3' && isOverTheWire(probe)
    return isCut && isRemote(node, probe) ? lostOn(probe) : null
  }
  t.match(named(worldOf(both, { plan })), [{ fault: 'path-mtu-blackhole', scope: { kind: 'node', nodes: ['node-3'] } }])
})

t.test('several are a group, all are the cluster', async (t) => {
  const on =
    (nodes: readonly string[]): Sees =>
    (node, probe) =>
      nodes.includes(node) && isOverTheWire(probe) ? lostOn(probe) : null
  const five = ['node-1', 'node-2', 'node-3', 'node-4', 'node-5']
  t.match(named(worldOf(on(['node-4', 'node-5']), { plan, nodes: five, cluster: faultCluster(five) })), [
    { scope: { kind: 'group', nodes: ['node-4', 'node-5'] } },
  ])
  t.match(named(worldOf(on(threeNodes), { plan })), [{ scope: { kind: 'cluster' }, story: /^On every node answers/ }])
})

t.test('not where small answers are lost too, and not where it is refused instead', async (t) => {
  const all: Sees = (node, probe) =>
    node === 'node-2' && isOverTheWire(probe) && isLarge(probe, 512) && probe.edns !== undefined ? 'timeout' : null
  t.notOk(named(worldOf(all, { plan })).some(({ fault }) => fault === 'path-mtu-blackhole'))
  const refused: Sees = (node, probe) =>
    node === 'node-2' && isOverTheWire(probe) && probe.transport === 'udp' && isLarge(probe, 1460) ? 'refused' : null
  t.notOk(named(worldOf(refused, { plan })).some(({ fault }) => fault === 'path-mtu-blackhole'))
})

t.test('fragments alone are another fault, by the MTU of the node', async (t) => {
  const fragments: Sees = (node, probe) =>
    node === 'node-2' && isOverTheWire(probe) && probe.transport === 'udp' && isLarge(probe, 1800) ? 'timeout' : null
  t.match(named(worldOf(fragments, { plan })), [{ fault: 'udp-fragments-dropped' }])
})

t.test('it ends', async (t) => {
  const world = faultWorld({ plan })
  t.equal(world.run(8, narrow()).length, 1)
  t.same(
    world.run(3, () => null),
    [],
  )
})

t.test('not before it is sure', async (t) => {
  const one: Sees = (node, probe, round) =>
    probe.vantage === 'pod' && probe.address === '10.244.3.2' ? narrow()(node, probe, round) : null
  t.ok(isFound('path-mtu-blackhole', one, { plan }))
  t.notOk(isFound('path-mtu-blackhole', one, { plan }, 4))
})
