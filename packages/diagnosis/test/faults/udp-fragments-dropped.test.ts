import t from 'tap'
import { isFound } from './fault-names.ts'
import { faultWorld, named, type ProbeOf, type Sees, threeNodes, worldOf } from './fault-world.ts'
import { isLarge, largePlan } from './large-plan.ts'

const plan = largePlan()
const isOverTheWire = ({ role }: ProbeOf) => role === 'endpoint' || role === 'cluster-dns'
const fragments =
  (nodes: readonly string[], octets = 1800): Sees =>
  (node, probe) =>
    nodes.includes(node) && isOverTheWire(probe) && probe.transport === 'udp' && isLarge(probe, octets)
      ? 'timeout'
      : null

t.test('fragments do not reach one node', async (t) => {
  const [finding, ...others] = named(worldOf(fragments(['node-2']), { plan }))
  t.same(others, [])
  t.match(finding, {
    fault: 'udp-fragments-dropped',
    severity: 'info',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story: 'Fragments do not reach node-2: UDP answers above the MTU are lost, smaller ones and TCP work.',
    confirm: [/^on node-2: dig .*\+notcp \+ignore \+bufsize=\d+ @10\.96\.0\.10/],
  })
  t.match(named(worldOf(fragments(threeNodes), { plan })), [{ scope: { kind: 'cluster' } }])
})

t.test('answers of one packet lost too: the path', async (t) => {
  t.match(named(worldOf(fragments(['node-2'], 1460), { plan })), [{ fault: 'path-mtu-blackhole' }])
})

t.test('the MTU decides what is a fragment: in an overlay 1460 octets already are', async (t) => {
  const routes = plan('pod').targets.map(({ address }) => ({ address, device: 'eth0', mtu: 1450 }))
  const facts = () => ({ localAddresses: ['169.254.20.10'], routes })
  t.match(named(worldOf(fragments(['node-2'], 1460), { plan, facts })), [{ fault: 'udp-fragments-dropped' }])
})

t.test('not where TCP fails, too', async (t) => {
  const tcpToo: Sees = (node, probe) =>
    node === 'node-2' && isOverTheWire(probe) && isLarge(probe, 1800) ? 'timeout' : null
  t.notOk(named(worldOf(tcpToo, { plan })).some(({ fault }) => fault === 'udp-fragments-dropped'))
})

t.test('not where they are answered with an error', async (t) => {
  const failed: Sees = (node, probe) =>
    node === 'node-2' && isOverTheWire(probe) && probe.transport === 'udp' && isLarge(probe, 1800) ? 'SERVFAIL' : null
  t.notOk(named(worldOf(failed, { plan })).some(({ fault }) => fault === 'udp-fragments-dropped'))
})

t.test('it ends', async (t) => {
  const world = faultWorld({ plan })
  t.equal(world.run(8, fragments(['node-2'])).length, 1)
  t.same(
    world.run(3, () => null),
    [],
  )
})

t.test('not before it is sure', async (t) => {
  const one: Sees = (node, probe, round) =>
    probe.vantage === 'pod' && probe.address === '10.244.3.2' && probe.size === 1800
      ? fragments(['node-2'])(node, probe, round)
      : null
  t.ok(isFound('udp-fragments-dropped', one, { plan }))
  t.notOk(isFound('udp-fragments-dropped', one, { plan }, 4))
})

t.test('not where answers of one packet are lost as well', async (t) => {
  const some: Sees = (node, probe, round) =>
    probe.size === 4000 ? null : fragments(['node-2'], 1460)(node, probe, round)
  t.notOk(isFound('udp-fragments-dropped', some, { plan }))
})
