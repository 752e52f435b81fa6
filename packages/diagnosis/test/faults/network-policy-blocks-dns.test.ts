import { makePlan, observationOf, REFUSED, type Vantage } from '@oddnode/protocol'
import t from 'tap'
import { faultsOf, isFound, namesOf } from './fault-names.ts'
import { faultPlanInput } from './fault-plan.ts'
import { faultWorld, named, type ProbeOf, type Sees, type Wrong, worldOf } from './fault-world.ts'

const name = 'network-policy-blocks-dns'
const controls = ['connect', 'reach', 'health']
const isPodsDns = ({ vantage, question }: ProbeOf) => vantage === 'pod' && !controls.includes(question)
const barred =
  (got: Wrong, ...odd: string[]): Sees =>
  (node, probe) =>
    odd.includes(node) && isPodsDns(probe) ? got : null
const all = ['node-1', 'node-2', 'node-3']

t.test('a policy drops port 53 of pods, on every node', async (t) => {
  const [finding, ...others] = named(worldOf(barred('timeout', ...all)))
  t.same(others, [])
  t.match(finding, {
    fault: name,
    severity: 'critical',
    confidence: 'certain',
    scope: { kind: 'cluster' },
    story:
      'On every node pods like our agent may not ask DNS: port 53 is dropped to any address, by a policy or a DNS proxy that is dead; the host may, and other ports work.',
  })
})

t.test('nodes come to know one by one that it is any address: one finding all along', async (t) => {
  const sees: Sees = (node, probe, round) =>
    probe.role === 'upstream' && node !== 'node-1' ? null : barred('timeout', ...all)(node, probe, round)
  const found = named(worldOf(sees))
  t.equal(found.length, 1)
  t.match(found, [
    { fault: name, scope: { kind: 'cluster' }, story: /^On every node .* port 53 is dropped; the host may/ },
  ])
})

t.test('only to servers of the cluster, on two nodes: a group', async (t) => {
  const sees: Sees = (node, probe, round) =>
    probe.role === 'upstream' ? null : barred('timeout', 'node-1', 'node-2')(node, probe, round)
  const found = named(worldOf(sees))
  t.equal(found.length, 1)
  t.match(found, [
    {
      fault: name,
      scope: { kind: 'group', nodes: ['node-1', 'node-2'] },
      story:
        'On node-1 and node-2 pods like our agent may not ask DNS: port 53 is dropped; the host may, and other ports work.',
    },
  ])
})

t.test('that pods may not ask an upstream is often meant so: it says nothing if it was so before', async (t) => {
  const world = faultWorld()
  const upstream: Sees = (_, { vantage, role }) => (vantage === 'pod' && role === 'upstream' ? 'timeout' : null)
  world.run(12, upstream)
  t.match(
    world.run(8, (...seen) => upstream(...seen) ?? barred('timeout', 'node-2')(...seen)),
    [{ fault: name, story: /port 53 is dropped; the host may/ }],
  )
})

t.test('a proxy answers REFUSED at once', async (t) => {
  const found = named(worldOf(barred('REFUSED', 'node-2')))
  t.equal(found.length, 1)
  t.match(found, [
    {
      fault: name,
      story:
        'On node-2 pods like our agent may not ask DNS: port 53 is answered REFUSED by a proxy; the host may, and other ports work.',
    },
  ])
  const slow = observationOf('answered', { rcode: REFUSED, seconds: 0.004 })
  t.notOk(namesOf(barred(slow, 'node-2')).includes(name), 'it comes from farther away')
})

t.test('it ends', async (t) => {
  const world = faultWorld()
  t.same(faultsOf(world.run(8, barred('timeout', 'node-2'))), [name])
  t.same(
    world.run(3, () => null),
    [],
  )
})

t.test('not where the ClusterIP answers pods', async (t) => {
  const sees: Sees = (node, { vantage, role }) =>
    node === 'node-2' && vantage === 'pod' && role === 'node-local' ? 'timeout' : null
  t.same(namesOf(sees), ['pods-cannot-reach-node-local-dns'])
})

t.test('not where the host gets no answer either', async (t) => {
  for (const got of ['timeout', 'REFUSED'] as const) {
    const sees: Sees = (node, { question }) => (node === 'node-2' && !controls.includes(question) ? got : null)
    t.notOk(namesOf(sees).includes(name), got)
  }
})

t.test('not where pods reach no other port', async (t) => {
  t.notOk(namesOf((node, { vantage }) => (node === 'node-2' && vantage === 'pod' ? 'timeout' : null)).includes(name))
})

t.test('not where the other ports of the CoreDNS pods are not reached; unknown: possible', async (t) => {
  const cut: Sees = (node, probe, round) =>
    node === 'node-2' && probe.vantage === 'pod' && probe.question === 'reach'
      ? 'timeout'
      : barred('timeout', 'node-2')(node, probe, round)
  t.notOk(namesOf(cut).includes(name))
  const unknown: Sees = (node, probe, round) =>
    probe.vantage === 'pod' && probe.question === 'reach'
      ? 'local-error'
      : barred('timeout', 'node-2')(node, probe, round)
  t.match(named(worldOf(unknown)), [{ fault: name, confidence: 'possible' }])
})

t.test('not where pods ask nothing but DNS', async (t) => {
  const { endpointReachPort: _, ...input } = faultPlanInput('pod')
  const plan = (vantage: Vantage) =>
    makePlan({ ...input, vantage, targets: input.targets.filter(({ role }) => role !== 'api-server') })
  t.notOk(isFound(name, barred('timeout', 'node-2'), { plan }))
})
