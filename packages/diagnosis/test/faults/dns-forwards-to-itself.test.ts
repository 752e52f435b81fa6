import {
  type Cluster,
  type ClusterDns,
  type Facts,
  observationOf,
  type PodTrouble,
  type Vantage,
} from '@oddnode/protocol'
import t from 'tap'
import { applyTick } from '../../src/apply.ts'
import { visibleFindings } from '../../src/evaluate.ts'
import {
  faultCluster,
  faultWorld,
  named,
  nodeLocalFacts,
  resolvConf,
  type Sees,
  single,
  worldOf,
} from './fault-world.ts'

const everyNode = ['node-1', 'node-2', 'node-3']

/** What kubelet gives CoreDNS and node-local DNS on these nodes. */
const given =
  (nodes: readonly string[], nameservers: string[]) =>
  (node: string, vantage: Vantage): Facts =>
    vantage === 'host' && nodes.includes(node)
      ? { ...nodeLocalFacts(node, vantage), resolvConf: resolvConf(nameservers) }
      : nodeLocalFacts(node, vantage)

const clusterWith = (dns: Partial<ClusterDns>, troubles: readonly PodTrouble[] = []): Cluster => {
  const cluster = faultCluster()
  return { ...cluster, dns: { ...cluster.dns, ...dns }, troubles: [...troubles] }
}

const healthy: Sees = () => null

/** Node-local DNS of this node fails for names outside the cluster. */
const cacheFails =
  (node: string): Sees =>
  (asking, { role, question }) =>
    asking === node && role === 'node-local' && question === 'external' ? 'SERVFAIL' : null

/** So does this CoreDNS pod, whoever asks it. */
const podFails =
  (pod: string): Sees =>
  (_, { role, question, address }) =>
    role === 'endpoint' && address === pod && question === 'external' ? 'SERVFAIL' : null

t.test('node-local DNS asks itself', async (t) => {
  t.match(single(named(worldOf(cacheFails('node-2'), { facts: given(['node-2'], ['169.254.20.10']) }))), {
    fault: 'dns-forwards-to-itself',
    severity: 'critical',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story: 'Node-local DNS on node-2 asks itself (169.254.20.10) as upstream: external names fail.',
    confirm: [
      /oddnode check/,
      'on node-2: cat /etc/resolv.conf /run/systemd/resolve/resolv.conf',
      'kubectl -n kube-system logs -l k8s-app=node-local-dns --previous | grep -i loop',
    ],
  })
})

t.test('a CoreDNS pod that copied the address of systemd-resolved asks itself', async (t) => {
  t.match(single(named(worldOf(podFails('10.244.1.2'), { facts: given(['node-1'], ['127.0.0.53']) }))), {
    severity: 'critical',
    scope: { kind: 'node', nodes: ['node-1'] },
    story: 'CoreDNS on node-1 asks itself (127.0.0.53) as upstream: external names fail.',
    confirm: [/oddnode check/, /./, 'kubectl -n kube-system logs -l k8s-app=kube-dns --previous | grep -i loop'],
  })
})

t.test('answers that come late are as good as none', async (t) => {
  const late: Sees = (node, probe, round) =>
    podFails('10.244.1.2')(node, probe, round) === null ? null : observationOf('late', { rcode: 0, seconds: 4 })
  t.match(single(named(worldOf(late, { facts: given(['node-1'], ['10.96.0.10']) }))), {
    severity: 'critical',
    story: 'CoreDNS on node-1 asks itself (10.96.0.10) as upstream: external names fail.',
  })
})

t.test('configured, on one node and on all', async (t) => {
  t.match(single(named(worldOf(healthy, { facts: given(['node-2'], ['192.0.2.53', '::1']) }))), {
    severity: 'warning',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story:
      'CoreDNS on node-2 would ask itself (::1) as upstream: once it starts anew there, it stops or external names fail.',
  })
  t.match(single(named(worldOf(healthy, { facts: given(everyNode, ['127.0.0.53']) }))), {
    severity: 'warning',
    scope: { kind: 'cluster' },
    story: /^CoreDNS on every node would ask itself \(127\.0\.0\.53\)/,
  })
})

const crashes = (component: PodTrouble['component'], node: string): PodTrouble => ({
  component,
  namespace: 'kube-system',
  pod: `${component}-1`,
  node,
  reason: 'CrashLoopBackOff',
  restarts: 5,
})

t.test('what stops at its start is told with its cause, and what follows is covered', async (t) => {
  const down: Sees = (node, { role }) => (node === 'node-2' && role === 'node-local' ? 'refused' : null)
  t.match(
    single(
      named(
        worldOf(down, {
          facts: given(['node-2'], ['169.254.20.10']),
          cluster: clusterWith({}, [crashes('node-local-dns', 'node-2')]),
        }),
      ),
    ),
    {
      severity: 'critical',
      scope: { kind: 'node', nodes: ['node-2'] },
      story: 'Node-local DNS on node-2 asks itself (169.254.20.10) as upstream: it stops at start.',
    },
  )
  const notReady = faultCluster().dns.endpoints?.map((endpoint) => ({ ...endpoint, ready: false })) ?? []
  const gone: Sees = (_, { role, question }) =>
    role === 'node-local'
      ? question === 'external'
        ? null
        : 'SERVFAIL'
      : role === 'endpoint'
        ? 'refused'
        : role.startsWith('cluster')
          ? 'timeout'
          : null
  const world = faultWorld({
    facts: given(everyNode, ['127.0.0.53']),
    cluster: clusterWith({ endpoints: notReady }, [crashes('coredns', 'node-1'), crashes('coredns', 'node-3')]),
  })
  const findings = world.run(8, gone)
  t.match(findings[0], {
    severity: 'critical',
    scope: { kind: 'group', nodes: ['node-1', 'node-3'] },
    story: 'CoreDNS on node-1 and node-3 asks itself (127.0.0.53) as upstream: it stops at start.',
  })
  t.same(
    findings[0]?.covers.map((id) => world.world.fleet.findings.get(id)?.fault),
    ['cluster-dns-has-no-endpoints'],
  )
  t.match(
    findings.slice(1).map(({ story }) => story),
    [/^CoreDNS on node-2 would ask itself/],
  )
})

t.test('how sure it is hangs on what forwards say, and on an upstream to compare with', async (t) => {
  const facts = given(['node-1'], ['127.0.0.53'])
  const confidence = (forwards: string[]) =>
    named(worldOf(podFails('10.244.1.2'), { facts, cluster: clusterWith({ forwards }) })).map((one) => [
      one.fault,
      one.confidence,
    ])
  t.same(confidence(['/etc/resolv.conf']), [['dns-forwards-to-itself', 'certain']])
  t.same(confidence([]), [['dns-forwards-to-itself', 'possible']])
  t.notOk(confidence(['192.0.2.53']).flat().includes('dns-forwards-to-itself'))
  t.same(named(worldOf(healthy, { facts, cluster: clusterWith({ forwards: ['192.0.2.53'] }) })), [])
  t.match(
    single(
      named(
        worldOf(healthy, {
          facts: given(['node-2'], ['169.254.20.10']),
          cluster: clusterWith({ forwards: ['192.0.2.53'] }),
        }),
      ),
    ),
    { confidence: 'possible', severity: 'warning' },
  )
  const crashed = clusterWith({ forwards: ['192.0.2.53'] }, [crashes('coredns', 'node-1')])
  t.same(named(worldOf(healthy, { facts, cluster: crashed })), [])
})

t.test('it is not active', async (t) => {
  const facts = given(['node-2'], ['169.254.20.10'])
  const stories = (sees: Sees, wanted = facts) => named(worldOf(sees, { facts: wanted })).map(({ story }) => story)
  const isActive = (list: string[]) => list.some((story) => / asks itself /.test(story))
  const upstream: Sees = (node, probe, round) =>
    probe.role === 'upstream' ? 'timeout' : cacheFails('node-2')(node, probe, round)
  t.notOk(isActive(stories(upstream)), 'where the upstreams fail too')
  const down: Sees = (node, { role }) => (node === 'node-2' && role === 'node-local' ? 'timeout' : null)
  t.notOk(isActive(stories(down)), 'where names of the cluster fail too')
  t.notOk(isActive(stories(cacheFails('node-2'), given([], []))), 'where the file names an upstream')
  t.same(stories(healthy, given([], [])), [])
})

t.test('a machine outside of any cluster may name its own resolver', async (t) => {
  t.same(named(worldOf(healthy, { facts: given(everyNode, ['127.0.0.53']), cluster: null })), [])
})

t.test('it ends when the file is right, and not because nobody tells', async (t) => {
  let nodes = ['node-2']
  const world = faultWorld({ facts: (node, vantage) => given(nodes, ['127.0.0.53'])(node, vantage) })
  const { fleet } = world.world
  t.equal(world.run(1, healthy).length, 1)
  const agent = fleet.agents.get('host/node-2')
  if (agent !== undefined) agent.facts = null
  applyTick(fleet, world.world.at + 5)
  t.equal(visibleFindings(fleet).length, 1)
  nodes = []
  t.same(world.run(1, healthy), [])
})

t.test('not where one vantage fails only; and one that crashes does not also run', async (t) => {
  const facts = given(['node-2'], ['169.254.20.10'])
  const pods: Sees = (node, probe, round) => (probe.vantage === 'pod' ? cacheFails('node-2')(node, probe, round) : null)
  const severities = (sees: Sees, cluster: Cluster) => {
    const { world, run } = faultWorld({ facts, cluster })
    run(8, sees)
    return [...world.fleet.findings.values()]
      .filter((one) => one.fault === 'dns-forwards-to-itself')
      .map((one) => one.severity)
  }
  t.same(severities(pods, faultCluster()), ['warning'])
  t.same(severities(healthy, clusterWith({}, [crashes('node-local-dns', 'node-2')])), ['critical'])
})
