import t from 'tap'
import { faultsOf, isFound, namesOf, oneByOne } from './fault-names.ts'
import { planWithout } from './fault-plan.ts'
import {
  faultWorld,
  named,
  nodeLocalFacts,
  type ProbeOf,
  type Sees,
  type Setting,
  type Wrong,
  worldOf,
} from './fault-world.ts'

const name = 'node-local-dns-address-missing'
const dead =
  (got: Wrong, odd = ['node-2']): Sees =>
  (node, { role }) =>
    odd.includes(node) && role === 'node-local' ? got : null
const missing =
  (...odd: string[]): NonNullable<Setting['facts']> =>
  (...who) =>
    odd.includes(who[0]) ? { ...nodeLocalFacts(...who), localAddresses: [] } : nodeLocalFacts(...who)
const onNode2: Setting = { facts: missing('node-2') }

t.test('no interface owns the nameserver of the pods', async (t) => {
  const [finding, ...others] = named(worldOf(dead('timeout'), onNode2))
  t.same(others, [])
  t.match(finding, {
    fault: name,
    severity: 'critical',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story: 'On node-2 no interface owns node-local DNS 169.254.20.10, the nameserver of its pods.',
    confirm: [/oddnode check/, 'on node-2: ip -br addr show dev nodelocaldns'],
  })
})

t.test('an unreachable address is the same', async (t) => {
  t.same(namesOf(dead('unreachable'), onNode2), [name])
})

t.test('on two nodes it is a group, and it ends', async (t) => {
  const odd = ['node-1', 'node-2']
  const world = faultWorld({ facts: missing(...odd) })
  t.match(world.run(8, dead('timeout', odd)), [{ fault: name, scope: { kind: 'group', nodes: odd } }])
  t.same(
    world.run(3, () => null),
    [],
  )
})

t.test('not where the address is there', async (t) => {
  t.same(namesOf(dead('timeout')), ['node-local-dns-not-running'])
})

t.test('not where somebody refuses', async (t) => {
  t.same(namesOf(dead('refused'), onNode2), ['unexplained-difference'])
})

t.test('not where no node owns it, because the CNI redirects it', async (t) => {
  t.notOk(namesOf(dead('timeout'), { facts: missing('node-1', 'node-2', 'node-3') }).includes(name))
})

t.test('not where CoreDNS does not answer either', async (t) => {
  const sees: Sees = (node, { role }) => (node === 'node-2' && role !== 'api-server' ? 'timeout' : null)
  t.notOk(namesOf(sees, onNode2).includes(name))
})

t.test('not where pods are answered by whoever has the address', async (t) => {
  const sees: Sees = (node, probe, round) => (probe.vantage === 'host' ? dead('timeout')(node, probe, round) : null)
  t.notOk(namesOf(sees, onNode2).includes(name))
})

t.test('what is not known is not guessed', async (t) => {
  const facts: Setting['facts'] = (...who) => (who[0] === 'node-2' ? {} : nodeLocalFacts(...who))
  t.notOk(namesOf(dead('timeout'), { facts }).includes(name), 'where the address lives')
  t.notOk(
    namesOf(dead('timeout'), { ...onNode2, plan: planWithout('endpoint') }).includes(name),
    'whether CoreDNS answers',
  )
  t.notOk(faultsOf(named(worldOf(dead('timeout'), { ...onNode2, nodes: ['node-2'] }))).includes(name), 'other nodes')
})

t.test('not before the host gets nothing at all', async (t) => {
  const isFirst = ({ vantage, question, transport }: ProbeOf) =>
    vantage === 'pod' || (question === 'kubernetes' && transport === 'udp')
  t.notOk(isFound(name, oneByOne(dead('timeout'), isFirst), onNode2, 3))
})
