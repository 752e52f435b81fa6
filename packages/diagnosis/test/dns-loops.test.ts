import type { Vantage } from '@oddnode/protocol'
import t from 'tap'
import { allLoops, failingWithout, loopsOf } from '../src/dns-loops.ts'
import { sightOf } from '../src/sight.ts'
import { faultCluster, faultWorld, nodeLocalFacts, resolvConf, type Setting } from './faults/fault-world.ts'
import { present } from './world.ts'

const given = (nameservers: string[]) => (node: string, vantage: Vantage) => ({
  ...nodeLocalFacts(node, vantage),
  ...(vantage === 'host' && node !== 'node-3' ? { resolvConf: resolvConf(nameservers) } : {}),
})

function seen(nameservers: string[], setting: Setting = {}) {
  const { world } = faultWorld({ facts: given(nameservers), ...setting })
  const sight = sightOf(world.fleet, present(world.fleet.nodes.get('node-1')), world.at)
  return { view: { fleet: world.fleet, at: world.at }, loops: loopsOf(sight) }
}

t.test('an address leads back to the cache, to the CoreDNS pods of the node, or to nobody', async (t) => {
  const told = (nameservers: string[]) => seen(nameservers).loops.map(({ server, address }) => `${server} ${address}`)
  t.same(told(['169.254.20.10']), ['Node-local DNS 169.254.20.10', 'CoreDNS 169.254.20.10'])
  t.same(told(['192.0.2.53', '127.0.0.53']), ['CoreDNS 127.0.0.53'])
  t.same(told(['10.96.0.11']), ['CoreDNS 10.96.0.11'])
  t.same(told(['192.0.2.53']), [])
  t.same(seen(['127.0.0.53'], { cluster: null }).loops, [])
})

t.test('what is asked of it', async (t) => {
  const [cache, pods] = seen(['169.254.20.10']).loops
  t.ok(cache?.external.every(({ target }) => target.role === 'node-local'))
  t.equal(cache?.external.length, 2)
  t.ok(pods?.cluster.every(({ target }) => target.address === '10.244.1.2'))
  t.equal(pods?.cluster.length, 4)
})

t.test('of a node the server that crashes, else the one that its pods ask', async (t) => {
  const told = (setting: Setting) =>
    allLoops(seen(['169.254.20.10'], setting).view).map(({ nodes, server, crashes }) => `${nodes} ${server} ${crashes}`)
  t.same(told({}), ['node-1 Node-local DNS false', 'node-2 Node-local DNS false'])
  const trouble = { component: 'coredns', namespace: 'kube-system', pod: 'x', node: 'node-2', restarts: 3 } as const
  const cluster = { ...faultCluster(), troubles: [{ ...trouble, reason: 'CrashLoopBackOff' }] }
  t.same(told({ cluster }), ['node-1 Node-local DNS false', 'node-2 CoreDNS true'])
  const pending = { ...faultCluster(), troubles: [{ ...trouble, reason: 'Pending' }] }
  t.same(told({ cluster: pending }), told({}))
})

t.test('what fails without it', async (t) => {
  const { world, run } = faultWorld({ facts: given(['169.254.20.10']) })
  run(6, () => 'timeout')
  const view = { fleet: world.fleet, at: world.at }
  const sight = sightOf(world.fleet, present(world.fleet.nodes.get('node-1')), world.at)
  const [cache, pods] = loopsOf(sight).map((loop) => failingWithout(loop, view))
  t.ok(cache?.every(({ node, target }) => node === 'node-1' && target.role === 'node-local'))
  t.same(new Set(pods?.map(({ target }) => target.address)), new Set(['10.96.0.10', '10.96.0.11', '10.244.1.2']))
  t.same(new Set(pods?.map(({ node }) => node)), new Set(['node-1', 'node-2', 'node-3']))
})

t.test('which node was heard first changes nothing', async (t) => {
  const { world, run } = faultWorld({ nodes: ['node-3', 'node-2', 'node-1'], facts: given(['10.96.0.11']) })
  run(6, () => 'timeout')
  const view = { fleet: world.fleet, at: world.at }
  const [loop] = allLoops(view)
  const nodes = failingWithout(present(loop), view).map(({ node }) => node)
  t.same([...new Set(nodes)], ['node-1', 'node-2', 'node-3'])
})
