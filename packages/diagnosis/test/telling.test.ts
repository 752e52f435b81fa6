import t from 'tap'
import { nodesScope } from '../src/scope.ts'
import { areCordoned, tellingOf } from '../src/telling.ts'
import { createWorld, good, rounds } from './world.ts'

const names = Array.from({ length: 12 }, (_, i) => `n${i + 10}`)
const fleetOf = (...cordoned: string[]) => {
  const world = createWorld(names)
  rounds(world, 1, () => good())
  for (const node of world.fleet.nodes.values()) {
    node.cordoned = cordoned.includes(node.name)
    node.attributes = { zone: node.name < 'n14' ? 'a' : 'b' }
  }
  return world.fleet
}
const candidate = { severity: 'critical', title: 'It fails', story: 'It fails there.' } as const
const told = (fleet: ReturnType<typeof fleetOf>, nodes: string[], reopened = 0) =>
  tellingOf({ fleet, at: fleet.now }, { ...candidate, scope: nodesScope(fleet, nodes) }, reopened)

t.test('as the fault tells it', async (t) => {
  t.same(told(fleetOf(), ['n10']), candidate)
  t.same(told(fleetOf(), ['n10'], 1), candidate, 'what came back once is not flapping yet')
})

t.test('flapping is said', async (t) => {
  t.same(told(fleetOf(), ['n10'], 3), {
    severity: 'critical',
    title: 'It fails (flapping)',
    story: 'It fails there. It is flapping: it came back 3 times.',
  })
  t.match(told(fleetOf(), ['n10'], 2), { title: 'It fails (flapping)' })
})

t.test('a finding all of whose nodes are cordoned is information', async (t) => {
  t.same(told(fleetOf('n10'), ['n10']), {
    severity: 'info',
    title: 'It fails',
    story: 'It fails there. n10 is cordoned: what runs there may be on its way out.',
  })
  t.match(told(fleetOf('n10', 'n20'), ['n10', 'n20']), { severity: 'info', story: /n10 and n20 are cordoned/ })
  t.same(told(fleetOf('n10'), ['n10', 'n20']), candidate, 'one that is not')
})

t.test('what a group correlates with', async (t) => {
  t.match(told(fleetOf(), ['n10', 'n11', 'n12']), {
    story: 'It fails there. 3 of the 4 nodes with zone a are among them, and no others.',
  })
})

t.test('who is cordoned; of the cluster and of a node that is gone nobody knows', async (t) => {
  const fleet = fleetOf('n10')
  t.ok(areCordoned(fleet, { nodes: ['n10'] }))
  t.notOk(areCordoned(fleet, { nodes: [] }))
  t.notOk(areCordoned(fleet, { nodes: ['n10', 'gone'] }))
})
