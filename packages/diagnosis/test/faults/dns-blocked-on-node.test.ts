import { controlQuestions } from '@oddnode/protocol'
import t from 'tap'
import { faultsOf, isFound } from './fault-names.ts'
import { faultWorld, named, type ProbeOf, type Sees, single, worldOf } from './fault-world.ts'

const name = 'dns-blocked-on-node'
const isControl = ({ question }: ProbeOf) => controlQuestions.some((one) => one === question)

/** What goes to port 53 of others is dropped; node-local DNS answers what it knows by itself. */
function blocked(vantages: readonly string[], ...odd: string[]): Sees {
  return (node, probe) => {
    if (!odd.includes(node) || isControl(probe)) return null
    if (probe.role === 'node-local')
      return probe.question === 'version' || probe.question === 'identity' ? null : 'SERVFAIL'
    if (!vantages.includes(probe.vantage)) return null
    return probe.vantage === 'host' ? 'denied' : 'timeout'
  }
}

t.test('host and pods of a node', async (t) => {
  const finding = single(named(worldOf(blocked(['host', 'pod'], 'node-2'))))
  t.match(finding, {
    fault: name,
    severity: 'critical',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story:
      'From node-2 nothing gets to port 53 of other nodes, over UDP or TCP; other ports do: node-local DNS, which asks from the host, resolves no cluster name.',
  })
})

t.test('its host alone', async (t) => {
  const finding = single(named(worldOf(blocked(['host'], 'node-2'))))
  t.match(finding, {
    fault: name,
    scope: { nodes: ['node-2'] },
    story: /^From host processes on node-2 nothing gets to port 53 of other nodes/,
  })
})

t.test('it stays the only one, and ends when answers come again', async (t) => {
  const world = faultWorld()
  t.same(faultsOf(world.run(40, blocked(['host', 'pod'], 'node-2'))), [name])
  t.same(
    world.run(8, () => null),
    [],
  )
})

t.test('node-local DNS is silent as well', async (t) => {
  const all: Sees = (node, probe) => (node === 'node-2' && !isControl(probe) ? 'timeout' : null)
  t.same(faultsOf(named(worldOf(all))), [name])
})

t.test('the host begins with UDP, and TCP follows: no upstream is blamed meanwhile', async (t) => {
  const all = blocked(['host'], 'node-2')
  // Node-local DNS has its names for a while yet.
  const sees: Sees = (node, probe, round) =>
    (probe.transport === 'tcp' || probe.role === 'node-local') && round < 8 ? null : all(node, probe, round)
  const world = faultWorld()
  for (let round = 0; round < 12; round++) {
    const told = faultsOf(world.run(1, sees)).filter((fault) => fault !== name && fault !== 'udp-53-blocked')
    t.same(told, [], `round ${round}`)
  }
})

t.test('within three rounds', async (t) => {
  t.ok(isFound(name, blocked(['host', 'pod'], 'node-2'), {}, 3))
})

t.test('pods alone: a policy', async (t) => {
  t.notOk(isFound(name, blocked(['pod'], 'node-2')))
})

t.test('one transport alone', async (t) => {
  for (const transport of ['udp', 'tcp']) {
    const one: Sees = (node, probe, round) =>
      probe.transport === transport ? blocked(['host', 'pod'], 'node-2')(node, probe, round) : null
    t.notOk(isFound(name, one), transport)
  }
})

t.test('no other port is reached either: the network', async (t) => {
  const sees: Sees = (node, probe) =>
    node === 'node-2' && probe.role !== 'node-local' && probe.role !== 'api-server' ? 'timeout' : null
  t.notOk(isFound(name, sees))
})

t.test('every node alike: the servers', async (t) => {
  t.notOk(isFound(name, blocked(['host', 'pod'], 'node-1', 'node-2', 'node-3')))
})

t.test('one CoreDNS pod alone', async (t) => {
  const sees: Sees = (node, probe, round) =>
    probe.address === '10.244.1.2' ? blocked(['host', 'pod'], 'node-2')(node, probe, round) : null
  t.notOk(isFound(name, sees))
})
