import { makePlan, type Vantage } from '@oddnode/protocol'
import t from 'tap'
import { faultsOf, isFound, namesOf, oneByOne } from './fault-names.ts'
import { faultWorld, named, type ProbeOf, type Sees, type Setting, worldOf } from './fault-world.ts'

const name = 'dns-server-refuses-queries'
const endpointOf: Readonly<Record<string, string>> = { 'node-1': '10.244.1.2', 'node-3': '10.244.3.2' }
const isExternal = ({ question }: ProbeOf) => question === 'external'
const isClusterName = ({ question }: ProbeOf) => ['kubernetes', 'version', 'missing', 'soa'].includes(question)

/** An upstream refuses these nodes; what forwards to it there passes that on. */
const refuses =
  (...odd: string[]): Sees =>
  (node, probe, round) => {
    if (!isExternal(probe)) return null
    if (probe.role === 'upstream' || probe.role === 'node-local') return odd.includes(node) ? 'REFUSED' : null
    const forwarding = odd.flatMap((one) => endpointOf[one] ?? [])
    if (probe.role === 'endpoint') return forwarding.includes(probe.address) ? 'REFUSED' : null
    const share = forwarding.length / 2
    return probe.role === 'cluster-dns' && (round % 2) / 2 < share - (share === 1 ? 0 : 0.25) ? 'REFUSED' : null
  }

t.test('an upstream that refuses one node', async (t) => {
  const [finding, ...others] = named(worldOf(refuses('node-2')))
  t.same(others, [])
  t.match(finding, {
    fault: name,
    severity: 'warning',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story: 'Upstream resolver 192.0.2.53 answers REFUSED to node-2: client not allowed.',
    remedy: 'At 192.0.2.53: add the node to the access list of the resolver.',
  })
  t.match(finding?.confirm[1], 'on node-2: dig +time=2 +tries=1 @192.0.2.53 www.example.com.')
})

t.test('a node with a CoreDNS pod, which passes it on to all', async (t) => {
  t.match(named(worldOf(refuses('node-3'))), [{ fault: name, scope: { nodes: ['node-3'] } }])
  t.same(namesOf(refuses('node-3')), [name])
})

t.test('an upstream that refuses everybody', async (t) => {
  const found = named(worldOf(refuses('node-1', 'node-2', 'node-3')))
  t.equal(found.length, 1)
  t.match(found, [
    {
      fault: name,
      scope: { kind: 'endpoint', subject: { role: 'upstream', address: '192.0.2.53' } },
      story: 'Upstream resolver 192.0.2.53 answers REFUSED: client not allowed.',
    },
  ])
})

t.test('a CoreDNS pod that has too many queries to forward', async (t) => {
  const found = named(worldOf((_, probe) => (probe.address === '10.244.3.2' && isExternal(probe) ? 'REFUSED' : null)))
  t.equal(found.length, 1)
  t.match(found, [
    {
      fault: name,
      scope: { kind: 'endpoint', subject: { address: '10.244.3.2', pod: 'coredns-2', node: 'node-3' } },
      story: 'CoreDNS endpoint 10.244.3.2 answers REFUSED: too many queries.',
    },
  ])
})

t.test('a Corefile without the zone of the cluster', async (t) => {
  const roles = ['endpoint', 'cluster-dns', 'cluster-dns-upstream', 'node-local']
  const found = named(worldOf((_, probe) => (isClusterName(probe) && roles.includes(probe.role) ? 'REFUSED' : null)))
  t.equal(found.length, 1)
  t.match(found, [
    {
      fault: name,
      scope: { kind: 'cluster' },
      story: 'CoreDNS endpoint 10.244.1.2 and CoreDNS endpoint 10.244.3.2 answer REFUSED: no such zone.',
    },
  ])
})

t.test('node-local DNS of one node', async (t) => {
  const sees: Sees = (node, probe) =>
    node === 'node-2' && probe.role === 'node-local' && isExternal(probe) ? 'REFUSED' : null
  t.match(named(worldOf(sees)), [
    { fault: name, story: 'Node-local DNS 169.254.20.10 answers REFUSED to node-2: too many queries.' },
  ])
})

t.test('two nodes are a group, and it ends', async (t) => {
  const nodes = ['node-1', 'node-2', 'node-3', 'node-4', 'node-5']
  const world = faultWorld({ nodes })
  t.match(world.run(8, refuses('node-2', 'node-4')), [
    { fault: name, scope: { kind: 'group', nodes: ['node-2', 'node-4'] } },
  ])
  t.same(
    world.run(3, () => null),
    [],
  )
})

t.test('not where only pods are refused', async (t) => {
  const sees: Sees = (node, probe, round) => (probe.vantage === 'pod' ? refuses('node-2')(node, probe, round) : null)
  t.notOk(namesOf(sees).includes(name))
})

t.test('not where the answer is SERVFAIL', async (t) => {
  const sees: Sees = (node, probe, round) => (refuses('node-2')(node, probe, round) === null ? null : 'SERVFAIL')
  t.notOk(namesOf(sees).includes(name))
})

t.test('not where an upstream that fails accounts for it', async (t) => {
  const sees: Sees = (_, probe) => {
    if (!isExternal(probe)) return null
    return probe.role === 'upstream'
      ? 'timeout'
      : probe.role === 'endpoint' || probe.role === 'node-local'
        ? 'REFUSED'
        : null
  }
  t.notOk(namesOf(sees).includes(name))
})

t.test('one node alone: possible', async (t) => {
  const setting: Setting = { nodes: ['node-1'] }
  const found = named(worldOf(refuses('node-1'), setting))
  t.ok(faultsOf(found).includes(name))
  t.match(
    found.find(({ fault }) => fault === name),
    { confidence: 'possible' },
  )
})

t.test('not where pods alone are refused, and the host is answered: that is no word of the server', async (t) => {
  const podsOnly: Sees = (_, probe) =>
    probe.role === 'endpoint' && probe.vantage === 'pod' && isClusterName(probe) ? 'REFUSED' : null
  t.notOk(namesOf(podsOnly).includes(name))
})

t.test('not while only some questions are refused as yet', async (t) => {
  const refused: Sees = (node, probe) =>
    node === 'node-2' && probe.role === 'endpoint' && isClusterName(probe) ? 'REFUSED' : null
  t.ok(isFound(name, refused))
  t.notOk(isFound(name, oneByOne(refused), {}, 3))
  const byAll: Sees = (_, probe) => (probe.role === 'endpoint' && isClusterName(probe) ? 'REFUSED' : null)
  t.notOk(isFound(name, oneByOne(byAll), {}, 3))
})

t.test('not where pods get no answer at all, whoever is refused besides', async (t) => {
  const mixed: Sees = (_, probe) =>
    probe.role === 'endpoint' && isClusterName(probe) ? (probe.vantage === 'host' ? 'REFUSED' : 'timeout') : null
  t.notOk(isFound(name, mixed))
})

/** A machine outside of any cluster, which knows no name that exists. */
const alone: Setting = {
  nodes: ['laptop'],
  cluster: null,
  facts: () => ({}),
  plan: (vantage: Vantage) =>
    makePlan({
      vantage,
      targets: [{ role: 'resolv-conf', address: '192.0.2.53', port: 53, learnedFrom: 'resolv.conf' }],
      names: { clusterDomain: null, namespace: null, external: null, canary: null },
      intervalSeconds: 15,
      deadlineSeconds: 2,
      closeSeconds: 6,
      suspicionSeconds: 5,
      ntp: [],
      aggregators: [],
    }),
}

t.test('a nameserver that refuses whatever a machine asks it, until it does not', async (t) => {
  const world = faultWorld(alone)
  t.match(
    world.run(8, () => 'REFUSED'),
    [
      {
        fault: name,
        severity: 'warning',
        story: 'Resolv-conf 192.0.2.53 answers REFUSED to laptop: client not allowed, or nobody to ask itself.',
        remedy: 'At 192.0.2.53: let the node ask, and name an upstream.',
        confirm: ['on laptop: dig +time=2 +tries=1 @192.0.2.53 $(openssl rand -hex 8).invalid.'],
      },
    ],
  )
  t.same(
    world.run(4, () => null),
    [],
  )
})

t.test(
  'not one that cannot ask further, as without Internet, nor one that refuses over one transport only',
  async (t) => {
    t.same(
      namesOf(() => 'SERVFAIL', alone),
      [],
    )
    t.notOk(isFound(name, (_, { transport }) => (transport === 'tcp' ? 'REFUSED' : null), alone))
  },
)
