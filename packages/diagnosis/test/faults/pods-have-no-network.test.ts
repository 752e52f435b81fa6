import t from 'tap'
import { faultsOf, namesOf } from './fault-names.ts'
import { faultWorld, named, type Sees, worldOf } from './fault-world.ts'

const name = 'pods-have-no-network'
const nothing =
  (...odd: string[]): Sees =>
  (node, { vantage }) =>
    odd.includes(node) && vantage === 'pod' ? 'timeout' : null

t.test('pods of a node reach nothing at all', async (t) => {
  const [finding, ...others] = named(worldOf(nothing('node-2')))
  t.same(others, [])
  t.match(finding, {
    fault: name,
    severity: 'critical',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story: 'Pods on node-2 reach nothing at all; the host does.',
  })
})

t.test('a CoreDNS pod that runs there is gone with it', async (t) => {
  const sees: Sees = (node, probe, round) =>
    probe.address === '10.244.3.2' && node !== 'node-3' ? 'timeout' : nothing('node-3')(node, probe, round)
  t.same(namesOf(sees), [name])
  t.same(
    namesOf((node, probe, round) =>
      probe.address === '10.244.3.2' ? 'timeout' : nothing('node-3')(node, probe, round),
    ),
    [name],
  )
})

t.test('on two nodes it is a group, and it ends', async (t) => {
  const world = faultWorld()
  t.match(world.run(8, nothing('node-1', 'node-2')), [
    { fault: name, scope: { kind: 'group', nodes: ['node-1', 'node-2'] } },
  ])
  t.same(
    world.run(3, () => null),
    [],
  )
})

t.test('not where the host reaches nothing either', async (t) => {
  t.notOk(namesOf((node) => (node === 'node-2' ? 'timeout' : null)).includes(name))
})

t.test('not where pods reach some port', async (t) => {
  const sees: Sees = (node, probe, round) =>
    probe.role === 'api-server' ? null : nothing('node-2')(node, probe, round)
  t.notOk(namesOf(sees).includes(name))
})

t.test('not where one DNS server answers', async (t) => {
  const sees: Sees = (node, probe, round) =>
    probe.role === 'node-local' ? null : nothing('node-2')(node, probe, round)
  t.notOk(namesOf(sees).includes(name))
})

t.test('where no other port is asked it is possible', async (t) => {
  const sees: Sees = (node, probe, round) =>
    probe.role === 'api-server' || probe.question === 'reach' || probe.question === 'health'
      ? 'local-error'
      : nothing('node-2')(node, probe, round)
  t.ok(faultsOf(named(worldOf(sees))).includes(name))
  t.match(named(worldOf(sees))[0], { confidence: 'possible' })
})
