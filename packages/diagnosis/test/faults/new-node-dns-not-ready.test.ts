import type { Cluster } from '@oddnode/protocol'
import t from 'tap'
import { start } from '../world.ts'
import { faultsOf, namesOf } from './fault-names.ts'
import { faultCluster, faultWorld, named, type ProbeOf, type Sees, threeNodes, worldOf } from './fault-world.ts'

const name = 'new-node-dns-not-ready'
const isOdd = (node: string, { role }: ProbeOf) => node === 'node-2' && role === 'node-local'
const dead: Sees = (node, probe) => (isOdd(node, probe) ? 'refused' : null)
const pods: Sees = (node, probe) => (isOdd(node, probe) && probe.vantage === 'pod' ? 'timeout' : null)

/** The cluster of which one node came into being at `createdAt`. */
function withNew(createdAt: number | null): Cluster {
  const cluster = faultCluster()
  return {
    ...cluster,
    nodes: cluster.nodes.map((node) => (node.name === 'node-2' ? { ...node, createdAt } : node)),
  }
}

t.test('a young node that took pods before its DNS was ready', async (t) => {
  const [finding, ...others] = named(worldOf(dead, { cluster: withNew(start), before: dead }))
  t.same(others, [])
  t.match(finding, {
    fault: name,
    severity: 'info',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story: 'node-2 is 196 s old and took pods before its DNS was ready.',
  })
  t.same(namesOf(pods, { cluster: withNew(start), before: pods }), [name], 'where only pods are cut off')
})

t.test('later it is the other fault', async (t) => {
  const world = faultWorld({ cluster: withNew(start), before: dead })
  t.same(faultsOf(world.run(8, dead)), [name])
  t.same(faultsOf(world.run(12, dead)), ['node-local-dns-not-running'])
})

t.test('it ends when the DNS is ready', async (t) => {
  const world = faultWorld({ cluster: withNew(start), before: pods })
  t.same(faultsOf(world.run(5, pods)), [name])
  t.same(
    world.run(3, () => null),
    [],
  )
})

t.test('not on an older node, nor one of unknown age', async (t) => {
  t.same(namesOf(dead, { cluster: withNew(start - 300) }), ['node-local-dns-not-running'])
  t.same(namesOf(dead, { cluster: withNew(null) }), ['node-local-dns-not-running'])
})

t.test('what was ready before has another fault, however young the node', async (t) => {
  t.same(namesOf(pods, { cluster: withNew(start) }), ['pods-cannot-reach-node-local-dns'])
  t.same(namesOf(dead, { cluster: withNew(start) }), ['node-local-dns-not-running'])
})

t.test('not where pods are answered', async (t) => {
  const host: Sees = (node, probe) => (isOdd(node, probe) && probe.vantage === 'host' ? 'refused' : null)
  t.notOk(namesOf(host, { cluster: withNew(start) }).includes(name))
})

t.test('not where CoreDNS does not answer the node either', async (t) => {
  const sees: Sees = (node, { role }) => (node === 'node-2' && role !== 'api-server' ? 'timeout' : null)
  t.notOk(namesOf(sees, { cluster: withNew(start) }).includes(name))
})

t.test('several young nodes are one finding, as old as the oldest', async (t) => {
  const young = ['node-2', 'node-3']
  const cluster = faultCluster([...threeNodes, 'node-4', 'node-5', 'node-6'])
  const nodes = cluster.nodes.map((node, i) => (young.includes(node.name) ? { ...node, createdAt: start + i } : node))
  const sees: Sees = (node, { role }) => (young.includes(node) && role === 'node-local' ? 'refused' : null)
  t.match(
    named(worldOf(sees, { nodes: nodes.map((node) => node.name), cluster: { ...cluster, nodes }, before: sees })),
    [{ fault: name, story: 'node-2 and node-3 are 195 s old and took pods before their DNS was ready.' }],
  )
})
