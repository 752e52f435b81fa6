import type { Finding } from '@oddnode/protocol'
import t from 'tap'
import { lostQueries } from '../../src/lost-queries.ts'
import type { Counts } from '../../src/ring.ts'
import { sightOf } from '../../src/sight.ts'
import { present } from '../world.ts'
import { isFound } from './fault-names.ts'
import { faultCluster, faultWorld, named, type ProbeOf, type Sees, worldOf } from './fault-world.ts'

/** Every nth query over UDP is lost, whoever it goes to; the same ones in every run. */
function everyNth(n: number, isHit: (node: string, probe: ProbeOf) => boolean = (node) => node === 'node-2'): Sees {
  let asked = 0
  return (node, probe) => {
    if (probe.transport !== 'udp' || !isHit(node, probe)) return null
    return asked++ % n === n - 1 ? (probe.vantage === 'host' ? 'denied' : 'timeout') : null
  }
}

t.test('a quarter of the UDP queries of one node is lost', async (t) => {
  const findings = named(worldOf(everyNth(4)), 12)
  t.match(findings, [
    {
      fault: 'dns-packets-lost-on-node',
      severity: 'critical',
      confidence: 'certain',
      scope: { kind: 'node', nodes: ['node-2'] },
    },
  ])
  t.equal(findings.length, 1)
  t.match(
    findings[0]?.story,
    /^node-2 loses (24|25|26) % of its UDP queries to node-local DNS 169\.254\.20\.10, cluster DNS 10\.96\.0\.10 and \d more; other nodes lose none\.$/,
  )
})

t.test('three in a hundred are a warning', async (t) => {
  t.match(named(worldOf(everyNth(33)), 40), [
    { fault: 'dns-packets-lost-on-node', severity: 'warning', scope: { nodes: ['node-2'] } },
  ])
})

t.test('it is over within a few rounds after the last loss, and does not come back with a single one', async (t) => {
  const world = faultWorld()
  t.equal(world.run(12, everyNth(5)).length, 1)
  t.same(
    world.run(4, () => null),
    [],
  )
  t.same(
    world.run(20, (node, { role, question }, round) =>
      node === 'node-2' && role === 'endpoint' && question === 'version' && round === 25 ? 'timeout' : null,
    ),
    [],
  )
})

t.test('a few packets lost before, and a server that is cut off then, are no share of all', async (t) => {
  const world = faultWorld()
  const lost = new Set<string>()
  // Three single queries of pods, each to another server.
  const few: Sees = (node, { vantage, role, question, transport }) => {
    const isOne = node === 'node-2' && vantage === 'pod' && transport === 'udp' && question === 'version'
    if (!isOne || lost.has(role) || role === 'node-local' || lost.size === 3) return null
    lost.add(role)
    return 'timeout'
  }
  world.run(3, few)
  world.run(6, () => null)
  const cutOff: Sees = (node, { vantage, role }) =>
    node === 'node-2' && vantage === 'pod' && role === 'node-local' ? 'timeout' : null
  for (let round = 0; round < 12; round++)
    t.notOk(
      world.run(1, cutOff).some(({ fault }) => fault === 'dns-packets-lost-on-node'),
      `round ${round}`,
    )
})

t.test('one in a thousand is nobody’s fault', async (t) => {
  t.same(named(worldOf(everyNth(1000)), 120), [])
})

t.test('all nodes lose alike: it is not this node', async (t) => {
  t.same(
    named(worldOf(everyNth(10, () => true)), 20).filter(({ fault }) => fault === 'dns-packets-lost-on-node'),
    [],
  )
})

t.test('one server only: not the node', async (t) => {
  const oneServer = everyNth(4, (node, { role }) => node === 'node-2' && role === 'upstream')
  t.same(
    named(worldOf(oneServer), 40).filter(({ fault }) => fault === 'dns-packets-lost-on-node'),
    [],
  )
})

t.test('over TCP nothing is counted', async (t) => {
  const tcp: Sees = (node, { transport, role }, round) =>
    node === 'node-2' && transport === 'tcp' && round % 5 === 0 && role !== 'api-server' ? 'timeout' : null
  t.same(named(worldOf(tcp), 20), [])
})

t.test('one CoreDNS pod, and what leads to it: not the node', async (t) => {
  const onePod = everyNth(
    4,
    (node, { role, address }) => node === 'node-2' && (address === '10.244.1.2' || role.startsWith('cluster-dns')),
  )
  t.same(
    named(worldOf(onePod), 40).filter(({ fault }) => fault === 'dns-packets-lost-on-node'),
    [],
  )
})

const name = 'dns-packets-lost-on-node'

t.test('five lost ones of a few, and four of many, are no share', async (t) => {
  const isOnNode2 = (node: string, { vantage, transport, question, sourcePort }: ProbeOf) =>
    node === 'node-2' && vantage === 'pod' && transport === 'udp' && question === 'missing' && sourcePort === 'fresh'
  t.notOk(isFound(name, (node, probe, round) => (isOnNode2(node, probe) && round === 5 ? 'timeout' : null)))
  const turns = ['10.244.1.2', '10.244.3.2', '10.96.0.10', '169.254.20.10']
  t.notOk(
    isFound(name, (node, probe, round) =>
      isOnNode2(node, probe) && turns[round - 5] === probe.address ? 'timeout' : null,
    ),
  )
})

t.test(
  'one in seventy is too little, nearly all is another fault; beside a server that is cut off it is told all the same',
  async (t) => {
    t.notOk(isFound(name, everyNth(70), {}, 40))
    const some = everyNth(12)
    t.notOk(
      isFound(name, (node, probe, round) =>
        node === 'node-2' && probe.transport === 'udp' && some(node, probe, round) === null ? 'timeout' : null,
      ),
    )
    const others = everyNth(20)
    t.ok(
      isFound(
        name,
        (node, probe, round) =>
          node === 'node-2' && probe.address === '10.244.1.2' ? 'timeout' : others(node, probe, round),
        { before: (node, { address }) => (node === 'node-2' && address === '10.244.1.2' ? 'timeout' : null) },
        20,
      ),
    )
  },
)

t.test('a CoreDNS pod that the API says is gone is asked until the next plan: nothing is lost by that', async (t) => {
  const cluster = faultCluster()
  const dns = { ...cluster.dns, endpoints: (cluster.dns.endpoints ?? []).slice(1) }
  const three = ['10.244.1.2', '169.254.20.10', '192.0.2.53']
  const sees = () => everyNth(4, (node, { address }) => node === 'node-2' && three.includes(address))
  t.ok(isFound(name, sees(), {}, 20))
  t.notOk(isFound(name, sees(), { cluster: { ...cluster, dns } }, 20))
})

/** Mulberry32: the same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Wilson's interval of 99 % for a share. @see https://doi.org/10.1080/01621459.1927.10502953 */
function wilson(lost: number, asked: number): [number, number] {
  const z = 2.576
  const share = lost / asked
  const middle = share + (z * z) / (2 * asked)
  const reach = z * Math.sqrt((share * (1 - share)) / asked + (z * z) / (4 * asked * asked))
  const scale = 1 + (z * z) / asked
  return [(middle - reach) / scale, (middle + reach) / scale]
}

const fifth =
  (random: () => number): Sees =>
  (node, { transport }) =>
    node === 'node-2' && transport === 'udp' && random() < 0.2 ? 'timeout' : null

/** What is counted of a node, and the share that is told of it. */
function toldShare(
  { world }: ReturnType<typeof faultWorld>,
  findings: readonly Finding[],
): { counted: Counts; told: number } {
  const sight = sightOf(world.fleet, present(world.fleet.nodes.get('node-2')), world.at)
  const queries = (['host', 'pod'] as const).flatMap((vantage) => lostQueries(sight, vantage, 'udp'))
  const counted = { asked: 0, counted: 0 }
  for (const { asked, lost } of queries) {
    counted.asked += asked
    counted.counted += lost
  }
  return { counted, told: Number(/loses (\d+) % of its UDP queries/.exec(findings[0]?.story ?? '')?.[1]) / 100 }
}

t.test('a fifth that is lost at random is told as a rate whose interval of 99 % holds a fifth', async (t) => {
  let held = 0
  for (let seed = 1; seed <= 40; seed++) {
    const world = faultWorld()
    const findings = world.run(12, fifth(randomOf(seed)))
    t.match(findings, [{ fault: name, scope: { nodes: ['node-2'] } }])
    const { counted, told } = toldShare(world, findings)
    const [least, most] = wilson(counted.counted, counted.asked)
    t.ok(Math.abs(told - counted.counted / counted.asked) < 0.006, `${told} of ${JSON.stringify(counted)}`)
    if (least <= 0.2 && 0.2 <= most) held++
  }
  t.ok(held >= 38, `${held} of 40`)
})

t.test('what another fault took a moment before is not counted with it', async (t) => {
  for (let seed = 1; seed <= 10; seed++) {
    const world = faultWorld()
    world.run(8, (node, { role, vantage }) =>
      node === 'node-2' && role === 'node-local' && vantage === 'pod' ? 'timeout' : null,
    )
    world.run(6, () => null)
    const { counted } = toldShare(world, world.run(12, fifth(randomOf(seed))))
    const [least, most] = wilson(counted.counted, counted.asked)
    t.ok(least <= 0.2 && 0.2 <= most, JSON.stringify(counted))
  }
})
