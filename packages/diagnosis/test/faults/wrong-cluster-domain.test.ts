import type { Cluster, Facts, Vantage } from '@oddnode/protocol'
import t from 'tap'
import {
  faultCluster,
  faultWorld,
  named,
  nodeLocalFacts,
  resolvConf,
  single,
  threeNodes,
  worldOf,
} from './fault-world.ts'

const healthy = () => null

/** The cluster domain that pods of these nodes search. */
const searching =
  (nodes: readonly string[], domain: string) =>
  (node: string, vantage: Vantage): Facts => {
    const usual = nodeLocalFacts(node, vantage)
    if (vantage !== 'pod' || !nodes.includes(node)) return usual
    return {
      ...usual,
      resolvConf: resolvConf(['169.254.20.10'], [`oddnode.svc.${domain}`, `svc.${domain}`, domain], ['ndots:5']),
    }
  }

const zones = (list: string[] | null): Cluster => {
  const cluster = faultCluster()
  return { ...cluster, dns: { ...cluster.dns, zones: list } }
}

const seen = (nodes: readonly string[], cluster = faultCluster(), domain = 'other.example') =>
  named(worldOf(healthy, { facts: searching(nodes, domain), cluster }))

t.test('the kubelet of one node has another clusterDomain', async (t) => {
  t.match(single(seen(['node-2'])), {
    fault: 'wrong-cluster-domain',
    severity: 'critical',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story: 'Pods on node-2 search other.example, CoreDNS serves cluster.local: short Service names do not resolve.',
    confirm: [
      /spec\.nodeName=node-2\) -- cat \/etc\/resolv\.conf$/,
      'in a pod on node-2: dig @10.96.0.10 dns-version.other.example. TXT +noall +answer +authority',
    ],
  })
})

t.test('all of them: the Corefile has another zone', async (t) => {
  t.match(single(seen(threeNodes)), {
    scope: { kind: 'cluster' },
    story: /^Pods on every node search other\.example, /,
  })
  t.match(single(seen(threeNodes, zones([]))), { story: /CoreDNS serves none:/ })
})

t.test('without the Corefile most nodes decide, and it is possible', async (t) => {
  t.match(single(seen(['node-2'], zones(null))), {
    confidence: 'possible',
    scope: { kind: 'node', nodes: ['node-2'] },
    story: /^Pods on node-2 search other\.example, CoreDNS serves cluster\.local:/,
  })
  t.same(seen(threeNodes, zones(null)), [])
})

t.test('a domain that CoreDNS serves too is right, however few search it', async (t) => {
  t.same(seen(['node-2'], zones(['cluster.local.', 'Other.example.', 'in-addr.arpa'])), [])
  t.same(seen(['node-2'], zones(['.'])), [])
})

t.test('it ends', async (t) => {
  let nodes = ['node-2']
  const world = faultWorld({ facts: (node, vantage) => searching(nodes, 'other.example')(node, vantage) })
  t.equal(world.run(1, healthy).length, 1)
  nodes = []
  t.same(world.run(1, healthy), [])
})
