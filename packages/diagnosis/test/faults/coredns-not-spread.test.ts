import type { Cluster, DnsEndpoint } from '@oddnode/protocol'
import t from 'tap'
import { start } from '../world.ts'
import { faultCluster, faultWorld, named, single, worldOf } from './fault-world.ts'

const healthy = () => null

/** CoreDNS pods that are ready, changed a little at will. */
function clusterWith(
  endpoints: readonly Partial<DnsEndpoint>[] | null,
  changedAt: number | null = start - 3600,
): Cluster {
  const cluster = faultCluster()
  const [usual] = cluster.dns.endpoints ?? []
  const list = endpoints?.map(
    (changes, i): DnsEndpoint => ({ ...(usual as DnsEndpoint), address: `10.244.${i * 2 + 1}.2`, ...changes }),
  )
  return { ...cluster, dns: { ...cluster.dns, endpoints: list ?? null, endpointsChangedAt: changedAt } }
}

const seen = (cluster: Cluster, nodes?: readonly string[]) =>
  named(worldOf(healthy, { cluster, ...(nodes === undefined ? {} : { nodes }) }))

/** The same in a cluster with two nodes in each of two zones. */
function inFour(endpoints: readonly Partial<DnsEndpoint>[]) {
  const nodes = ['node-1', 'node-2', 'node-3', 'node-4']
  const cluster = clusterWith(endpoints)
  return seen({ ...cluster, nodes: faultCluster(nodes).nodes }, nodes)
}

t.test('all on one node', async (t) => {
  t.match(single(seen(clusterWith([{ node: 'node-1' }, { node: 'node-1' }]))), {
    fault: 'coredns-not-spread',
    severity: 'info',
    confidence: 'certain',
    scope: { kind: 'cluster' },
    story: "All 2 CoreDNS pods are on node-1: its failure is the cluster's.",
    confirm: ['kubectl -n kube-system get pod -l k8s-app=kube-dns -o wide'],
  })
  t.match(single(seen(clusterWith([{ node: 'node-3' }]))), {
    story: "The only CoreDNS pod is on node-3: its failure is the cluster's.",
  })
  t.match(
    single(
      seen(clusterWith([{ node: 'node-1' }, { node: 'node-3', ready: false }, { node: 'node-2', terminating: true }])),
    ),
    {
      story: /^The only CoreDNS pod is on node-1/,
    },
  )
})

t.test('all in one zone of several', async (t) => {
  t.match(
    single(
      inFour([
        { node: 'node-1', zone: null },
        { node: 'node-3', zone: null },
      ]),
    ),
    {
      story: "All 2 CoreDNS pods are in zone zone-1: its failure is the cluster's.",
    },
  )
  t.same(
    seen(
      clusterWith([
        { node: 'node-1', zone: null },
        { node: 'node-3', zone: null },
      ]),
    ),
    [],
    'the other zone has one node alone',
  )
  t.same(seen(clusterWith([{ node: 'node-1' }, { node: 'node-3', zone: 'zone-2' }])), [])
})

t.test('it is not named', async (t) => {
  t.same(
    seen(
      clusterWith([
        { node: 'node-1', zone: null },
        { node: 'node-2', zone: null },
      ]),
    ),
    [],
    'over two nodes and zones',
  )
  t.same(seen(clusterWith(null)), [], 'where nobody says')
  t.same(
    seen(
      clusterWith([
        { node: null, zone: null },
        { node: null, zone: null },
      ]),
    ),
    [],
    'where it is not known',
  )
  const alone = clusterWith([{ node: 'node-1' }])
  t.same(seen({ ...alone, nodes: alone.nodes.slice(0, 1) }, ['node-1']), [], 'where there is one node only')
})

t.test('a roll-out gathers pods for a while', async (t) => {
  const world = faultWorld({ cluster: clusterWith([{ node: 'node-1' }], start + 75 + 15) })
  t.same(world.run(4, healthy), [])
  t.equal(world.run(2, healthy).length, 1)
  world.setCluster(clusterWith(null))
  t.equal(world.run(1, healthy).length, 1, 'not over because nobody says')
  world.setCluster(
    clusterWith([
      { node: 'node-1', zone: null },
      { node: 'node-2', zone: null },
    ]),
  )
  t.same(world.run(1, healthy), [])
})

t.test('not where the node of the other pod has just failed', async (t) => {
  const cluster = clusterWith([{ node: 'node-1' }, { node: 'node-3', ready: false }])
  const nodes = cluster.nodes.map((node) => (node.name === 'node-3' ? { ...node, ready: false } : node))
  t.same(
    seen({ ...cluster, nodes }).filter(({ fault }) => fault === 'coredns-not-spread'),
    [],
  )
})
