import t from 'tap'
import { faultsOf, isFound, namesOf } from './fault-names.ts'
import { planWithout } from './fault-plan.ts'
import { faultWorld, named, nodeLocalFacts, type ProbeOf, type Sees, type Setting, worldOf } from './fault-world.ts'
import { deadPods } from './random-loss.ts'
import { inTime } from './timed-world.ts'

const name = 'service-rules-broken-on-node'
const isService = ({ role }: ProbeOf) => role === 'cluster-dns' || role === 'cluster-dns-upstream'
const isDns = ({ question }: ProbeOf) => !['connect', 'reach', 'health'].includes(question)
const isClusterName = ({ question }: ProbeOf) => ['kubernetes', 'version', 'missing'].includes(question)

/** kube-proxy is dead: no ClusterIP is translated, and node-local DNS asks one. */
const noService =
  (...odd: string[]): Sees =>
  (node, probe) => {
    if (!odd.includes(node)) return null
    if (isService(probe) || probe.role === 'api-server') return 'timeout'
    return probe.role === 'node-local' && isClusterName(probe) ? 'SERVFAIL' : null
  }
const onlyClusterDns: Sees = (node, { role }) => (node === 'node-2' && role === 'cluster-dns' ? 'timeout' : null)

t.test('no ClusterIP is translated on a node', async (t) => {
  const [finding, ...others] = named(worldOf(noService('node-2')))
  t.same(others, [])
  t.match(finding, {
    fault: name,
    severity: 'critical',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story:
      'On node-2 the ClusterIPs 10.96.0.10 and 10.96.0.11 lead nowhere, though every CoreDNS pod answers that node directly; every ClusterIP is affected.',
  })
  t.match(finding?.confirm[1], /on node-2: nft list ruleset \| grep 10\.96\.0\.10/)
})

t.test('only the rules of this Service are broken', async (t) => {
  t.match(named(worldOf(onlyClusterDns)), [
    {
      fault: name,
      story:
        'On node-2 the ClusterIP 10.96.0.10 leads nowhere, though every CoreDNS pod answers that node directly; only this one is affected.',
    },
  ])
  t.same(
    namesOf((node, { role }) => (node === 'node-2' && role === 'cluster-dns' ? 'refused' : null)),
    [name],
  )
  const dns: Sees = (node, probe, round) =>
    probe.role === 'api-server' ? null : noService('node-2')(node, probe, round)
  t.match(named(worldOf(dns)), [{ story: /only these are affected\.$/ }])
  t.match(named(worldOf(onlyClusterDns, { plan: planWithout('api-server') })), [
    { story: /whether others are affected is not known\.$/, confidence: 'certain' },
  ])
})

t.test('a group, and the majority may be the odd ones', async (t) => {
  const found = named(worldOf(noService('node-1', 'node-2')))
  t.match(found, [
    {
      fault: name,
      scope: { kind: 'group', nodes: ['node-1', 'node-2'] },
      story: /every CoreDNS pod answers those nodes directly/,
    },
  ])
  t.equal(found.length, 1)
})

t.test('it ends', async (t) => {
  const world = faultWorld()
  t.same(faultsOf(world.run(8, noService('node-2'))), [name])
  t.same(
    world.run(3, () => null),
    [],
  )
})

t.test('trap 1: node-local DNS owns the ClusterIP, and the broken rules are found all the same', async (t) => {
  const facts: Setting['facts'] = (...who) => ({
    ...nodeLocalFacts(...who),
    localAddresses: ['169.254.20.10', '10.96.0.10'],
  })
  const sees: Sees = (node, probe) => {
    if (node !== 'node-2') return null
    if (probe.role === 'cluster-dns-upstream' || probe.role === 'api-server') return 'timeout'
    return (probe.role === 'node-local' || probe.role === 'cluster-dns') && isClusterName(probe) ? 'SERVFAIL' : null
  }
  const found = named(worldOf(sees, { facts }))
  t.match(found, [{ fault: name, story: /^On node-2 the ClusterIP 10\.96\.0\.11 leads nowhere/ }])
  t.equal(found.length, 1)
})

t.test('not where only one vantage is cut off', async (t) => {
  for (const vantage of ['host', 'pod']) {
    const sees: Sees = (node, probe, round) =>
      probe.vantage === vantage ? noService('node-2')(node, probe, round) : null
    t.notOk(namesOf(sees).includes(name), vantage)
  }
})

t.test('not where CoreDNS does not answer the node directly', async (t) => {
  const sees: Sees = (node, probe, round) =>
    node === 'node-2' && probe.role === 'endpoint' ? 'timeout' : noService('node-2')(node, probe, round)
  t.notOk(namesOf(sees).includes(name))
})

t.test('beside a CoreDNS pod that fails everywhere both are found', async (t) => {
  const sees: Sees = (node, probe, round) =>
    probe.address === '10.244.1.2' ? 'timeout' : noService('node-2')(node, probe, round)
  const found = named(worldOf(sees))
  t.same(faultsOf(found).sort(), ['coredns-endpoint-failing', name])
  t.match(found.find(({ fault }) => fault === name)?.story, /though CoreDNS answers that node directly/)
})

t.test('not where the ClusterIP loses what the CoreDNS pods lose', async (t) => {
  const sees: Sees = (node, { role }, round) => {
    if (node !== 'node-2') return null
    const lost = round % 10 < 6
    if (isService({ role } as ProbeOf)) return lost ? 'timeout' : null
    return role === 'endpoint' && lost ? 'timeout' : null
  }
  t.notOk(namesOf(sees).includes(name))
})

t.test('not where it leads nowhere from all nodes', async (t) => {
  const everywhere: Sees = (_, { role }) => (role === 'cluster-dns' ? 'timeout' : null)
  t.notOk(namesOf(everywhere).includes(name))
})

t.test('on the only node it is possible', async (t) => {
  t.match(named(worldOf(noService('node-1'), { nodes: ['node-1'] })), [{ fault: name, confidence: 'possible' }])
})

t.test('not where the CoreDNS pods fail as well, or lose as much', async (t) => {
  const onlyPods =
    (sees: Sees): Sees =>
    (node, probe, round) =>
      probe.role === 'endpoint' ? sees(node, probe, round) : null
  const unsteady: Sees = (node, probe, round) =>
    node === 'node-2' && probe.role === 'endpoint'
      ? round % 2 === 0
        ? 'timeout'
        : null
      : onlyClusterDns(node, probe, round)
  t.notOk(isFound(name, unsteady, { before: onlyPods(unsteady) }))
  const oneDead: Sees = (node, { role, address }, round) => {
    if (node !== 'node-2') return null
    return address === '10.244.3.2' || (role === 'cluster-dns' && round % 5 < 3) ? 'timeout' : null
  }
  t.notOk(isFound(name, oneDead, { before: onlyPods(oneDead) }))
})

t.test('not before it fails from both', async (t) => {
  const podsLater: Sees = (node, probe, round) =>
    probe.vantage === 'pod' && round < 7 ? null : onlyClusterDns(node, probe, round)
  t.ok(isFound(name, podsLater))
  t.notOk(isFound(name, podsLater, {}, 4))
})

const all = ['node-1', 'node-2', 'node-3', 'node-4']

t.test('on every node: CoreDNS answers each directly, and no ClusterIP leads anywhere', async (t) => {
  const [finding, ...others] = named(worldOf(noService(...all), { nodes: all }))
  t.same(others, [])
  t.match(finding, {
    fault: name,
    severity: 'critical',
    confidence: 'likely',
    scope: { kind: 'cluster' },
    title: 'Every node: ClusterIPs 10.96.0.10 and 10.96.0.11 lead nowhere',
    story: /^On every node the ClusterIPs .* though every CoreDNS pod answers those nodes directly; every ClusterIP is/,
  })
})

t.test('that is told within 45 s, and over within 60 s', async (t) => {
  const seen = inTime(noService(...all), { begins: 120, ends: 120, seconds: 360 }).filter(
    ({ faults }) => faults.length > 0,
  )
  t.same([...new Set(seen.flatMap(({ faults }) => faults))], [name])
  t.ok((seen[0]?.second ?? Infinity) <= 165)
  t.ok((seen.at(-1)?.second ?? Infinity) <= 300)
})

t.test('not where the API server answers: it is this Service that leads nowhere, whoever asks', async (t) => {
  const service: Sees = (_, probe) => (isService(probe) ? 'timeout' : null)
  t.notOk(isFound(name, service, { nodes: all }))
})

t.test('while a CoreDNS pod is dead, too: both are told, within 45 s', async (t) => {
  const dead = deadPods(3, ['10.244.1.2'], 0.5)
  const both: Sees = (node, probe, round) => noService('node-2')(node, probe, round) ?? dead(node, probe, round)
  const seen = inTime(both, { begins: 120, ends: 240, seconds: 360 })
  t.same([...new Set(seen.flatMap(({ faults }) => faults))].sort(), ['coredns-endpoint-failing', name])
  t.ok((seen.find(({ faults }) => faults.includes(name))?.second ?? Infinity) <= 165)
})

t.test('not where queries happen to meet a dead pod', async (t) => {
  for (const seed of [1, 2, 3, 4]) {
    const sees = deadPods(seed, ['10.244.1.2', '10.244.3.2'].slice(seed % 2, (seed % 2) + 1), 0.5)
    t.notOk(isFound(name, sees, { nodes: all, plan: planWithout('cluster-dns-upstream', 'node-local') }, 40))
  }
})

t.test('where pods are cut off themselves the host tells, if no ClusterIP leads anywhere', async (t) => {
  const podsBarred: Sees = (node, probe) =>
    node === 'node-2' && probe.vantage === 'pod' && isDns(probe) ? 'timeout' : null
  const both: Sees = (node, probe, round) => podsBarred(node, probe, round) ?? noService('node-2')(node, probe, round)
  t.ok(isFound(name, both))
  const hostOnly: Sees = (node, probe, round) =>
    podsBarred(node, probe, round) ?? (node === 'node-2' && isService(probe) ? 'timeout' : null)
  t.notOk(isFound(name, hostOnly))
})
