import type { Role } from '@oddnode/protocol'
import t from 'tap'
import { isFound, namesOf, oneByOne } from './fault-names.ts'
import { faultWorld, named, nodeLocalFacts, type ProbeOf, type Sees, type Setting, worldOf } from './fault-world.ts'

const NAME = 'pods-cannot-reach-node-local-dns'

const cut = worldOf((node, { vantage, role }) =>
  node === 'node-2' && vantage === 'pod' && role === 'node-local' ? 'timeout' : null,
)

t.test('pods of one node are cut off from node-local DNS, as in the incident of Cilium 1.16.5', async (t) => {
  const [finding, ...others] = named(cut)
  t.same(others, [])
  t.match(finding, {
    fault: 'pods-cannot-reach-node-local-dns',
    severity: 'critical',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story:
      'On node-2 pods cannot reach node-local DNS 169.254.20.10 over UDP and TCP; the host can, and the ClusterIP 10.96.0.10 answers.',
  })
})

t.test('it ends with three good samples in a row', async (t) => {
  const world = faultWorld()
  t.equal(world.run(8, cut.sees).length, 1)
  t.equal(world.run(2, () => null).length, 1)
  t.same(
    world.run(1, () => null),
    [],
  )
})

t.test('over one transport only, the story says which', async (t) => {
  const udp = worldOf((_, { vantage, role, transport }) =>
    vantage === 'pod' && role === 'node-local' && transport === 'udp' ? 'timeout' : null,
  )
  t.match(named(udp), [
    { scope: { kind: 'cluster' }, story: /^On every node pods cannot reach .* over UDP; the host can/ },
  ])
})

t.test('it is not told where something else is the cause', async (t) => {
  const onNode2 = (isWrong: (probe: ProbeOf) => boolean): Sees => {
    return (node, probe) => (node === 'node-2' && isWrong(probe) ? 'timeout' : null)
  }
  const podsLose =
    (...roles: Role[]) =>
    ({ vantage, role }: ProbeOf) =>
      vantage === 'pod' && roles.includes(role)
  t.same(namesOf(onNode2(({ role }) => role === 'node-local')), ['node-local-dns-not-running'], 'the host fails too')
  t.notOk(
    namesOf(onNode2(podsLose('node-local', 'cluster-dns', 'cluster-dns-upstream', 'endpoint'))).includes(NAME),
    'nothing of CoreDNS answers pods',
  )
  t.notOk(
    namesOf(onNode2((probe) => podsLose('node-local')(probe) && probe.question === 'version')).includes(NAME),
    'most questions are answered',
  )
})

t.test(
  'where the address lives on no node it leads elsewhere; where that is not known it is only possible',
  async (t) => {
    const withFacts = (localAddresses?: string[]): Setting => ({
      facts: (node, vantage) => {
        const { localAddresses: _, ...rest } = nodeLocalFacts(node, vantage)
        return localAddresses === undefined ? rest : { ...rest, localAddresses }
      },
    })
    t.notOk(namesOf(cut.sees, withFacts([])).includes(NAME))
    t.match(named(worldOf(cut.sees, withFacts())), [{ fault: NAME, confidence: 'possible' }])
  },
)

t.test(
  'a cache that owns the ClusterIP too is one process: the other Service shows that CoreDNS answers',
  async (t) => {
    const owns: Setting = {
      facts: (node, vantage) => ({
        ...nodeLocalFacts(node, vantage),
        localAddresses: ['169.254.20.10', '10.96.0.10'],
      }),
    }
    const both: Sees = (node, { vantage, role }) =>
      node === 'node-2' && vantage === 'pod' && (role === 'node-local' || role === 'cluster-dns') ? 'timeout' : null
    const story = named(worldOf(both, owns)).find(({ fault }) => fault === NAME)?.story
    t.match(story, /; the host can, and CoreDNS at 10\.96\.0\.11, 10\.244\.1\.2 and 10\.244\.3\.2 answer\.$/)
  },
)

t.test('not before pods get nothing at all from it', async (t) => {
  t.notOk(isFound(NAME, oneByOne(cut.sees), {}, 3))
})
