import t from 'tap'
import { onOneNode } from './canonical.ts'
import { isFound } from './fault-names.ts'
import { faultWorld, named, type ProbeOf, type Sees, worldOf } from './fault-world.ts'
import { isLarge, largePlan } from './large-plan.ts'
import { lossyNode } from './random-loss.ts'
import { inTime } from './timed-world.ts'

const plan = largePlan()
const hasOpt = ({ edns, transport, question }: ProbeOf) =>
  edns !== undefined && transport === 'udp' && question !== 'identity'
const where =
  (isMeant: (node: string, probe: ProbeOf) => boolean, wrong: ReturnType<Sees>): Sees =>
  (node, probe) =>
    hasOpt(probe) && isMeant(node, probe) ? wrong : null

t.test('one server drops them', async (t) => {
  const [finding, ...others] = named(
    worldOf(
      where((_, { address }) => address === '10.244.3.2', 'timeout'),
      { plan },
    ),
  )
  t.same(others, [])
  t.match(finding, {
    fault: 'edns-queries-fail',
    severity: 'info',
    confidence: 'certain',
    scope: { kind: 'endpoint', subject: { address: '10.244.3.2' } },
    story: 'CoreDNS endpoint 10.244.3.2 drops queries with EDNS.',
  })
})

t.test('or answers FORMERR', async (t) => {
  t.match(
    named(
      worldOf(
        where((_, { address }) => address === '10.96.0.10', 'FORMERR'),
        { plan },
      ),
    ),
    [{ story: 'Cluster DNS 10.96.0.10 answers FORMERR to queries with EDNS.' }],
  )
})

t.test('one CoreDNS pod of two does, and so does half of what leads to them', async (t) => {
  const [finding, ...others] = named(
    worldOf(
      where((_, { role, address }) => address === '10.244.3.2' || role === 'cluster-dns', 'FORMERR'),
      { plan },
    ),
  )
  t.same(others, [])
  t.match(finding, { scope: { kind: 'endpoint', subject: { address: '10.244.3.2' } } })
})

t.test('all servers do, or what is between them and one node', async (t) => {
  t.match(
    named(
      worldOf(
        where(() => true, 'timeout'),
        { plan },
      ),
    ),
    [{ scope: { kind: 'cluster' }, story: /^Node-local DNS .* drop queries with EDNS\.$/ }],
  )
  t.match(
    named(
      worldOf(
        where((node, { role }) => node === 'node-2' && role === 'endpoint', 'timeout'),
        { plan },
      ),
    ),
    [
      {
        scope: { kind: 'node', nodes: ['node-2'] },
        story: 'CoreDNS endpoint 10.244.1.2 and CoreDNS endpoint 10.244.3.2 drop queries with EDNS from node-2.',
      },
    ],
  )
})

t.test('not where only large answers fail, and not where plain queries fail too', async (t) => {
  const large: Sees = (_, probe) =>
    hasOpt(probe) && isLarge(probe, 1232) && probe.role === 'endpoint' ? 'timeout' : null
  t.notOk(named(worldOf(large, { plan })).some(isIt))
  const all: Sees = (_, { address, transport }) => (address === '10.244.3.2' && transport === 'udp' ? 'timeout' : null)
  t.notOk(named(worldOf(all, { plan })).some(isIt))
})

t.test(
  'not before it is decided whether large answers get lost: a cache that waits for them fails on small ones, too',
  async (t) => {
    const world = faultWorld({ plan })
    const seen = (isLost: boolean) =>
      world.run(1, (node, probe) => {
        if (node !== 'node-2' || !hasOpt(probe)) return null
        if (probe.role === 'node-local') return 'SERVFAIL'
        return isLost && isLarge(probe, 1400) && probe.role === 'endpoint' ? 'timeout' : null
      })
    const told = [false, true, true, true, true].flatMap(seen)
    t.notOk(told.some(isIt))
    t.match(told.at(-1), { fault: 'path-mtu-blackhole' })
  },
)

t.test('it ends', async (t) => {
  const world = faultWorld({ plan })
  t.equal(
    world.run(
      8,
      where((_, { address }) => address === '10.244.3.2', 'timeout'),
    ).length,
    1,
  )
  t.same(
    world.run(3, () => null),
    [],
  )
})

const isIt = ({ fault }: { fault: string }): boolean => fault === 'edns-queries-fail'

t.test('a share of losses is no cut', async (t) => {
  const turns: Readonly<Record<string, number>> = { kubernetes: 0, version: 1, missing: 2 }
  const share: Sees = (node, { address, question, edns, transport }, round) => {
    const turn = turns[question]
    if (node !== 'node-2' || address !== '10.244.3.2' || edns === undefined || transport !== 'udp') return null
    return turn !== undefined && (round + turn) % 3 !== 0 ? 'timeout' : null
  }
  t.notOk(isFound('edns-queries-fail', share, { plan }))
})

t.test('not where a node loses queries of whatever kind', async (t) => {
  for (const seed of [31, 62, 93]) {
    const seen = inTime(lossyNode(seed, 'node-2', 0.2), { begins: 90, ends: 360, seconds: 480 })
    t.same([...new Set(seen.flatMap(({ faults }) => faults))], ['dns-packets-lost-on-node'], `seed ${seed}`)
  }
})

t.test('not after another fault, by what was not asked again since', async (t) => {
  for (const other of ['service-rules-broken-on-node', 'tcp-53-blocked', 'host-cannot-use-cluster-ip']) {
    const sees: Sees = (node, probe) => (node === 'node-2' ? (onOneNode[other]?.(probe) ?? null) : null)
    const seen = inTime(sees, { begins: 120, ends: 150, seconds: 470 })
    t.same([...new Set(seen.flatMap(({ faults }) => faults))], [other])
  }
})
