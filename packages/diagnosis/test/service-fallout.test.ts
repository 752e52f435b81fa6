import t from 'tap'
import { serviceFallout } from '../src/service-fallout.ts'
import { faultCluster, type Sees } from './faults/fault-world.ts'
import { viewAfter } from './faults/sight-of.ts'

const lost: Sees = (node, { role, vantage }) =>
  role === 'cluster-dns' && node === 'node-2' && vantage === 'pod' ? 'timeout' : null
const ofNode2 = (cells: ReturnType<typeof serviceFallout>) => [
  ...new Set(
    cells.filter(({ node, vantage }) => node === 'node-2' && vantage === 'pod').map(({ target }) => target.role),
  ),
]

t.test('what a ClusterIP spreads over the pods, but what is lost altogether', async (t) => {
  t.same(ofNode2(serviceFallout(viewAfter(lost))), ['node-local', 'cluster-dns-upstream'])
  t.same(ofNode2(serviceFallout(viewAfter(() => null))), ['node-local', 'cluster-dns', 'cluster-dns-upstream'])
})

t.test('with near pods preferred a node may lose all', async (t) => {
  const cluster = faultCluster()
  const near = { ...cluster, dns: { ...cluster.dns, prefersNearEndpoints: true } }
  t.same(ofNode2(serviceFallout(viewAfter(lost, { cluster: near }))), [
    'node-local',
    'cluster-dns',
    'cluster-dns-upstream',
  ])
})
