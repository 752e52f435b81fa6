import { observationOf } from '@oddnode/protocol'
import t from 'tap'
import { faultWorld, named, type ProbeOf, type Sees, worldOf } from './fault-world.ts'

const answeredIn = (seconds: number, rcode = 0) => observationOf('answered', { rcode, seconds, answers: ['10.96.0.1'] })
const plain = ({ question, transport }: ProbeOf) => question === 'kubernetes' && transport === 'udp'
const slowOn =
  (nodes: readonly string[], roles: readonly string[], seconds = 0.04): Sees =>
  (node, probe) =>
    nodes.includes(node) && plain(probe) && roles.includes(probe.role) ? answeredIn(seconds) : null

t.test('a node is slow from several servers', async (t) => {
  t.match(named(worldOf(slowOn(['node-2'], ['node-local', 'endpoint'])), 12), [
    {
      fault: 'node-dns-slow',
      severity: 'info',
      scope: { kind: 'node', nodes: ['node-2'] },
      story:
        /^DNS on node-2 is right but slow from node-local DNS 169\.254\.20\.10, .* and .*: 40 ms, on the others 400 µs\.$/,
    },
  ])
})

t.test('all nodes alike, too little, or one probe alone is nothing', async (t) => {
  t.same(named(worldOf(slowOn(['node-1', 'node-2', 'node-3'], ['node-local', 'endpoint'], 0.03)), 12), [])
  t.same(named(worldOf(slowOn(['node-2'], ['node-local', 'endpoint'], 0.009)), 12), [])
  const one: Sees = (node, probe) =>
    node === 'node-2' &&
    plain(probe) &&
    probe.role === 'node-local' &&
    probe.vantage === 'pod' &&
    probe.sourcePort === 'fresh'
      ? answeredIn(0.04)
      : null
  t.same(named(worldOf(one), 12), [])
})

t.test('a tail of slow answers is no slowness', async (t) => {
  const tail: Sees = (node, probe, round) =>
    node === 'node-2' && plain(probe) && round % 3 === 0 ? answeredIn(0.2) : null
  t.same(named(worldOf(tail), 12), [])
})

t.test('it ends', async (t) => {
  const world = faultWorld()
  t.equal(world.run(12, slowOn(['node-2'], ['node-local', 'endpoint'])).length, 1)
  t.same(
    world.run(10, () => null),
    [],
  )
})
