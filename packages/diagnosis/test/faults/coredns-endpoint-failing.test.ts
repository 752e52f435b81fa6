import type { Cluster, DnsEndpoint } from '@oddnode/protocol'
import t from 'tap'
import { faultsOf, isFound, namesOf } from './fault-names.ts'
import { planWith, planWithout } from './fault-plan.ts'
import { faultCluster, faultWorld, named, type ProbeOf, type Sees, worldOf } from './fault-world.ts'

const name = 'coredns-endpoint-failing'
const dead = '10.244.3.2'
const isDns = ({ question }: ProbeOf) => question !== 'reach'

/** A CoreDNS pod that takes queries and answers none; what the Service sends there is lost, every second query. */
const hangs: Sees = (_, probe, round) => {
  if (probe.address === dead && isDns(probe)) return 'timeout'
  if (!probe.role.startsWith('cluster-dns')) return null
  return (round + probe.question.length + probe.transport.length) % 2 === 0 ? 'timeout' : null
}

function withEndpoint(changes: Partial<DnsEndpoint>): Cluster {
  const cluster = faultCluster()
  const endpoints = cluster.dns.endpoints?.map((one) => (one.address === dead ? { ...one, ...changes } : one)) ?? null
  return { ...cluster, dns: { ...cluster.dns, endpoints } }
}

t.test('one of two CoreDNS pods answers nobody', async (t) => {
  const [finding, ...others] = named(worldOf(hangs))
  t.same(others, [])
  t.match(finding, {
    fault: name,
    severity: 'critical',
    confidence: 'certain',
    scope: {
      kind: 'endpoint',
      nodes: [],
      subject: { role: 'endpoint', address: dead, pod: 'coredns-2', node: 'node-3' },
    },
    story: 'CoreDNS pod 10.244.3.2 on node-3 does not answer: about 50 % of cluster DNS queries fail, from every node.',
  })
  t.match(finding?.remedy, /Delete the pod coredns-2,/)
})

t.test('its pod is gone: no port answers', async (t) => {
  t.same(
    namesOf((_, { address }) => (address === dead ? 'unreachable' : null)),
    [name],
  )
})

t.test('one of three is a warning', async (t) => {
  const targets = (['host', 'pod'] as const).map((vantage) => planWith({})(vantage).targets)
  const third = { role: 'endpoint', address: '10.244.2.2', port: 53, learnedFrom: 'kubernetes' } as const
  const found = named(
    worldOf((_, { address }) => (address === dead ? 'timeout' : null), {
      plan: planWith({ targets: [...(targets[0] ?? []), third] }),
    }),
  )
  t.match(found, [{ fault: name, severity: 'warning', story: /about 33 % of/ }])
})

t.test('it ends, and losing nearly all is the same', async (t) => {
  const world = faultWorld()
  t.same(faultsOf(world.run(8, hangs)), [name])
  t.same(
    world.run(6, () => null),
    [],
  )
  const nearly: Sees = (_, { address }, round) => (address === dead && round % 6 !== 0 ? 'timeout' : null)
  t.ok(namesOf(nearly).includes(name))
})

t.test('not where its own node is answered', async (t) => {
  const outside: Sees = (node, { address }) => (address === dead && node !== 'node-3' ? 'timeout' : null)
  t.notOk(namesOf(outside).includes(name))
})

t.test('not where only some nodes get no answer', async (t) => {
  t.notOk(namesOf((node, { address }) => (address === dead && node === 'node-2' ? 'timeout' : null)).includes(name))
})

t.test('not where only pods get none', async (t) => {
  t.notOk(
    namesOf((_, { address, vantage }) => (address === dead && vantage === 'pod' ? 'timeout' : null)).includes(name),
  )
})

t.test('not where all CoreDNS pods are silent', async (t) => {
  t.notOk(namesOf((_, { role }) => (role === 'endpoint' || role === 'cluster-dns' ? 'timeout' : null)).includes(name))
})

t.test('not where Kubernetes does not call it ready, or it is on its way out', async (t) => {
  t.notOk(namesOf(hangs, { cluster: withEndpoint({ ready: false }) }).includes(name))
  t.notOk(namesOf(hangs, { cluster: withEndpoint({ terminating: true }) }).includes(name))
})

t.test('not where it answers something', async (t) => {
  t.notOk(namesOf((_, { address }) => (address === dead ? 'SERVFAIL' : null)).includes(name))
})

t.test('where nobody tells of the pods it is possible', async (t) => {
  t.match(named(worldOf((_, { address }) => (address === dead ? 'timeout' : null), { cluster: null })), [
    { fault: name, confidence: 'possible', scope: { subject: { pod: null, node: null } } },
  ])
})

t.test('the only CoreDNS pod: possible', async (t) => {
  const cluster = withEndpoint({})
  const one: Cluster = {
    ...cluster,
    dns: { ...cluster.dns, endpoints: cluster.dns.endpoints?.filter(({ address }) => address === dead) ?? null },
  }
  const plan = (vantage: 'host' | 'pod') => {
    const { targets } = planWithout('endpoint')(vantage)
    return planWith({
      targets: [...targets, { role: 'endpoint', address: dead, port: 53, learnedFrom: 'kubernetes' }],
    })(vantage)
  }
  const found = named(worldOf((_, { address }) => (address === dead ? 'timeout' : null), { cluster: one, plan }))
  t.match(found, [{ fault: name, confidence: 'possible', severity: 'critical' }])
})

const many = Array.from({ length: 6 }, (_, i) => `node-${i + 1}`)

t.test('not where the own node of the pod reaches it', async (t) => {
  const others: Sees = (node, probe) => (node !== 'node-3' && probe.address === dead ? 'timeout' : null)
  t.notOk(isFound(name, others, { nodes: many }))
})

t.test('not where half of the nodes do', async (t) => {
  const half: Sees = (node, probe) => (Number(node.slice(5)) <= 3 && probe.address === dead ? 'timeout' : null)
  t.notOk(isFound(name, half, { nodes: many }))
})
