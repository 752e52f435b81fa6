import t from 'tap'
import { nodeLocalCases } from '../src/node-local-cases.ts'
import { nodeLocalFacts, type Sees, type Setting } from './faults/fault-world.ts'
import { sightAfter } from './faults/sight-of.ts'

const dead: Sees = (_, { role }) => (role === 'node-local' ? 'timeout' : null)

t.test('each cache of a node on which something fails, from both vantages', async (t) => {
  t.same(nodeLocalCases(sightAfter(() => null)), [])
  const [one, ...others] = nodeLocalCases(sightAfter(dead))
  t.same(others, [])
  t.equal(one?.target.address, '169.254.20.10')
  t.equal(one?.evidence.length, (one?.host.length ?? 0) + (one?.pod.length ?? 0))
  t.ok(Number.isFinite(one?.since))
})

t.test('a ClusterIP that lives on the node goes with it', async (t) => {
  const facts: NonNullable<Setting['facts']> = (...who) => ({
    ...nodeLocalFacts(...who),
    localAddresses: ['169.254.20.10', '10.96.0.10'],
  })
  const roles = (setting: Setting) => [
    ...new Set(nodeLocalCases(sightAfter(dead, setting))[0]?.explains?.map(({ target }) => target.role)),
  ]
  t.same(roles({}), ['node-local'])
  t.same(roles({ facts }), ['node-local', 'cluster-dns'])
})
