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

t.test('what met a dead pod in all of the last rounds may have done so by chance', async (t) => {
  const meets =
    (isMet: boolean): Sees =>
    (node, probe, round) =>
      probe.address === '10.244.3.2' ? 'timeout' : isMet ? lost(node, probe, round) : null
  const rounds = (count: number) => ({ rounds: count }) as Parameters<typeof viewAfter>[1]
  t.ok(ofNode2(serviceFallout(viewAfter(meets(true), rounds(4)))).includes('cluster-dns'))
  t.notOk(ofNode2(serviceFallout(viewAfter(meets(true), rounds(8)))).includes('cluster-dns'), '40 in a row are none')
})

t.test('where no pod answers nothing else is to blame', async (t) => {
  const none: Sees = (_, { role }) => (role === 'endpoint' || role === 'cluster-dns' ? 'timeout' : null)
  t.ok(ofNode2(serviceFallout(viewAfter(none))).includes('cluster-dns'))
})
