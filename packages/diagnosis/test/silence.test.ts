import t from 'tap'
import {
  agentsOf,
  beganTogether,
  hasListened,
  isHeard,
  isNew,
  isRemembered,
  isSilent,
  quietNodes,
  silentAfterSeconds,
  twinOf,
} from '../src/silence.ts'
import { createWorld, good, present, rounds, start } from './world.ts'

const world = createWorld(['node-1'])
rounds(world, 1, () => good())
const { fleet, at } = world
const node = present(fleet.nodes.get('node-1'))
const [host] = agentsOf(fleet, 'node-1')

t.test('silence is counted in the time that the aggregator listened', async (t) => {
  t.notOk(isSilent(fleet, node, present(host), at + 60))
  t.ok(isSilent(fleet, node, present(host), at + 61))
  t.ok(isSilent(fleet, { ...node, ready: false }, present(host), at + 41))
  t.notOk(isSilent({ ...fleet, listeningSince: at + 30 }, node, present(host), at + 61))
  t.equal(silentAfterSeconds(fleet, { ...node, ready: true }), 60)
  t.notOk(hasListened(fleet, start + 59))
  t.ok(hasListened(fleet, start + 60))
})

t.test('who was heard only before the aggregator listened is remembered', async (t) => {
  t.notOk(isRemembered(fleet, present(host)))
  t.notOk(isRemembered({ ...fleet, listeningSince: at }, present(host)))
  t.ok(isRemembered({ ...fleet, listeningSince: at + 1 }, present(host)))
})

t.test('new nodes, twins and agents', async (t) => {
  t.ok(isNew(fleet, { ...node, createdAt: at }, at + 299))
  t.notOk(isNew(fleet, { ...node, createdAt: at }, at + 300))
  t.notOk(isNew(fleet, node, at), 'nobody knows')
  t.same([twinOf('host'), twinOf('pod')], ['pod', 'host'])
  t.same(
    agentsOf(fleet, 'node-1').map(({ vantage }) => vantage),
    ['host', 'pod'],
  )
  t.same(agentsOf(fleet, 'node-2'), [])
})

t.test(
  'nodes that are worth a look: one that was not heard just now, one that stopped, one that never pushed',
  async (t) => {
    const world = createWorld(['c', 'b', 'a'])
    rounds(world, 2, () => good())
    const quiet = (seconds = 0) => quietNodes({ fleet: world.fleet, at: world.at + seconds }).map(({ name }) => name)
    t.same(quiet(30), [])
    t.same(quiet(31), ['a', 'b', 'c'])
    rounds(world, 3, (name, vantage) => (name === 'c' && vantage === 'pod' ? null : good()))
    t.same(quiet(), ['c'])
    present(world.fleet.agents.get('host/b')).stopped = true
    t.same(quiet(), ['b', 'c'])
    const fresh = createWorld(['a'])
    rounds(fresh, 1, () => good())
    fresh.fleet.nodes.set('d', { ...present(fresh.fleet.nodes.get('a')), name: 'd' })
    t.same(
      quietNodes({ fleet: fresh.fleet, at: fresh.at }).map(({ name }) => name),
      ['d'],
    )
  },
)

t.test('what began together: each soon after another one', async (t) => {
  const groups = (...sinces: number[]) =>
    beganTogether(
      sinces.map((since) => ({ since })),
      60,
    ).map((group) => group.map(({ since }) => since))
  t.same(groups(100, 0, 50), [[0, 50, 100]])
  t.same(groups(0, 60, 121), [[0, 60], [121]])
  t.same(groups(), [])
})

t.test('a node is heard as long as one of its agents is, in the time that the aggregator listens', async (t) => {
  const world = createWorld(['a', 'b'])
  rounds(world, 2, () => good())
  const { fleet } = world
  const [a, b] = [...fleet.nodes.values()]
  rounds(world, 6, (node, vantage) => (node === 'a' && vantage === 'pod' ? good() : null))
  t.ok(a && isHeard(fleet, a))
  t.notOk(b && isHeard(fleet, b))
  fleet.listeningSince = fleet.now + 1
  t.notOk(a && isHeard(fleet, a), 'what is only remembered is not heard')
})
