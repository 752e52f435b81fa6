import type { Cluster, DnsEndpoint } from '@oddnode/protocol'
import t from 'tap'
import { faultsOf, isFound, namesOf } from './fault-names.ts'
import { planWith, planWithout, targetAt } from './fault-plan.ts'
import { faultCluster, faultWorld, named, type ProbeOf, type Sees, type Setting, worldOf } from './fault-world.ts'
import { deadPods, isControl, numbersFrom } from './random-loss.ts'
import { inTime } from './timed-world.ts'

const name = 'coredns-endpoint-failing'
const dead = '10.244.3.2'
const four = ['node-1', 'node-2', 'node-3', 'node-4']
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

t.test('commands for where it really is: OpenShift has another port, namespace and label', async (t) => {
  const [host] = (['host', 'pod'] as const).map((vantage) => planWith({})(vantage).targets)
  const targets = (host ?? []).map((one) => (one.role === 'endpoint' ? { ...one, port: 5353 } : one))
  const cluster = faultCluster()
  const podSelector = 'dns.operator.openshift.io/daemonset-dns=default'
  const dns = { ...cluster.dns, service: 'openshift-dns/dns-default', podSelector }
  const [finding] = named(worldOf(hangs, { plan: planWith({ targets }), cluster: { ...cluster, dns } }))
  t.match(finding, {
    fault: name,
    confirm: [
      /oddnode check/,
      'kubectl -n openshift-dns get pod -l dns.operator.openshift.io/daemonset-dns=default -o wide',
      'dig +time=1 +tries=1 @10.244.3.2 -p 5353 kubernetes.default.svc.cluster.local.',
    ],
  })
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

t.test('where all CoreDNS pods are silent none of them is told by itself', async (t) => {
  t.match(named(worldOf((_, { role }) => (role === 'endpoint' || role === 'cluster-dns' ? 'timeout' : null))), [
    { fault: name, scope: { kind: 'cluster' } },
  ])
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

const seeds = [1, 2, 3]
const twoOfThree: Setting = {
  plan: planWith({ targets: [...planWith({})('host').targets, targetAt('endpoint', '10.244.2.2')] }),
}

t.test('for ten minutes nothing is told beside it, whatever queries meet the dead pod', async (t) => {
  for (const seed of seeds) {
    const world = faultWorld({ nodes: four })
    const sees = deadPods(seed, [dead], 0.5)
    const told = new Set(Array.from({ length: 40 }, () => faultsOf(world.run(1, sees))).flat())
    t.same([...told], [name], `seed ${seed}`)
  }
  const world = faultWorld({ nodes: four, ...twoOfThree })
  const told = Array.from({ length: 40 }, () => faultsOf(world.run(1, deadPods(4, [dead, '10.244.1.2'], 2 / 3)))).flat()
  t.same([...new Set(told)], [name], 'two of three')
})

t.test('nor with agents that ask again and again while some are lost', async (t) => {
  for (const seed of seeds) {
    const seen = inTime(deadPods(seed, [dead], 0.5), { begins: 90, ends: 360, seconds: 480 })
    t.same([...new Set(seen.flatMap(({ faults }) => faults))], [name], `seed ${seed}`)
  }
})

/** All of them hang, and what asks them fails. */
const allHang: Sees = (_, probe) => {
  if (isControl(probe)) return null
  if (probe.role === 'endpoint' || probe.role.startsWith('cluster-dns')) return 'timeout'
  return probe.role === 'node-local' ? 'SERVFAIL' : null
}

t.test('no CoreDNS pod answers: one finding about the cluster', async (t) => {
  const [finding, ...others] = named(worldOf(allHang, { nodes: four }))
  t.same(others, [])
  t.match(finding, {
    fault: name,
    severity: 'critical',
    confidence: 'certain',
    scope: { kind: 'cluster', nodes: [] },
    title: 'No CoreDNS pod answers',
    story:
      'No CoreDNS pod answers, though Kubernetes calls coredns-1 and coredns-2 ready: no node resolves cluster names.',
  })
  t.match(finding?.remedy, /Delete the pods? coredns-1 and coredns-2/)
})

t.test('it is told within 45 s, and over within 60 s', async (t) => {
  const seen = inTime(allHang, { begins: 120, ends: 120, seconds: 360 }).filter(({ faults }) => faults.length > 0)
  t.same([...new Set(seen.flatMap(({ faults }) => faults))], [name])
  t.ok((seen[0]?.second ?? Infinity) <= 165)
  t.ok((seen.at(-1)?.second ?? Infinity) <= 300)
})

t.test(
  'where nobody is on their nodes it is likely, and only possible where no port of theirs is reached',
  async (t) => {
    const cluster = faultCluster(four)
    const elsewhere = cluster.dns.endpoints?.map((one) => ({ ...one, node: 'control-plane' })) ?? null
    const setting = { nodes: four, cluster: { ...cluster, dns: { ...cluster.dns, endpoints: elsewhere } } }
    t.match(named(worldOf(allHang, setting)), [{ fault: name, confidence: 'likely', scope: { kind: 'cluster' } }])
    const gone: Sees = (node, probe, round) =>
      probe.role === 'endpoint' && probe.question === 'reach' ? 'timeout' : allHang(node, probe, round)
    t.match(named(worldOf(gone, setting)), [{ fault: name, confidence: 'possible' }])
  },
)

t.test('not where one of them answers its own node, or pods alone get none', async (t) => {
  const between: Sees = (node, probe, round) =>
    node === 'node-3' && probe.address === dead ? null : allHang(node, probe, round)
  t.notOk(isFound(name, between, { nodes: four }))
  const pods: Sees = (node, probe, round) => (probe.vantage === 'pod' ? allHang(node, probe, round) : null)
  t.notOk(isFound(name, pods, { nodes: four }))
})

t.test('not where nobody asks one that is ready', async (t) => {
  const cluster = faultCluster(four)
  const more = [...(cluster.dns.endpoints ?? [])]
  const [first] = more
  if (first !== undefined) more.push({ ...first, address: '10.244.9.2', pod: 'coredns-9' })
  t.notOk(isFound(name, allHang, { nodes: four, cluster: { ...cluster, dns: { ...cluster.dns, endpoints: more } } }))
})

t.test('one hangs and the other has not read Services: both are told', async (t) => {
  const next = numbersFrom(7)
  const isUnread = ({ question }: ProbeOf) => ['kubernetes', 'missing', 'pair'].includes(question)
  const both: Sees = (_, probe) => {
    if (isControl(probe)) return null
    if (probe.address === dead) return 'timeout'
    if (probe.role === 'endpoint') return isUnread(probe) ? 'SERVFAIL' : null
    if (!probe.role.startsWith('cluster-dns')) return null
    return next() < 0.5 ? 'timeout' : isUnread(probe) ? 'SERVFAIL' : null
  }
  t.same(namesOf(both, { nodes: four }).sort(), [name, 'coredns-not-synced'])
})
