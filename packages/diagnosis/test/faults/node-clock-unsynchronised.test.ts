import t from 'tap'
import { aggregatorClock } from '../world.ts'
import { clockWorld, kept, seen, type Tells, threeNodes, well } from './clock-world.ts'

const TEN_MINUTES = 42

const unkept =
  (nodes: readonly string[], changes: Parameters<typeof kept>[0]): Tells =>
  (node, vantage) => ({
    ...well(),
    ...(vantage === 'host' ? { facts: kept(nodes.includes(node) ? changes : {}) } : {}),
  })

t.test('a daemon that has not been synchronised for ten minutes', async (t) => {
  const world = clockWorld()
  t.same(world.run(39, unkept(['node-3'], { synchronised: false })), [])
  const [finding, ...others] = world.run(3, unkept(['node-3'], { synchronised: false }))
  t.same(others, [])
  t.match(finding, {
    fault: 'node-clock-unsynchronised',
    severity: 'info',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-3'] },
    story: "node-3's clock is right today, but nothing keeps it so.",
  })
  t.same(world.run(1, unkept([], {})), [], 'it ends when the daemon is synchronised')
})

t.test('or that says that the clock may be off by 16 s', async (t) => {
  t.match(seen(unkept(['node-1'], { maxErrorSeconds: 16 }), TEN_MINUTES), [{ fault: 'node-clock-unsynchronised' }])
  t.same(seen(unkept(['node-1'], { maxErrorSeconds: 15 }), TEN_MINUTES), [])
})

t.test('several are one finding', async (t) => {
  t.match(seen(unkept(['node-1', 'node-3'], { synchronised: false }), TEN_MINUTES), [
    { scope: { kind: 'group' }, story: 'The clocks of node-1 and node-3 are right today, but nothing keeps them so.' },
  ])
  t.match(seen(unkept(threeNodes, { synchronised: false }), TEN_MINUTES), [
    { scope: { kind: 'cluster' }, story: 'The clocks of all nodes are right today, but nothing keeps them so.' },
  ])
})

t.test('not where no daemon runs, and not where nothing is known', async (t) => {
  t.same(
    seen(unkept(['node-1'], { daemon: 'none', synchronised: null, maxErrorSeconds: 16 }), TEN_MINUTES).filter(
      ({ fault }) => fault === 'node-clock-unsynchronised',
    ),
    [],
  )
  t.same(seen(unkept(threeNodes, { synchronised: null, maxErrorSeconds: null }), TEN_MINUTES), [])
})

t.test('it outlives a restart of the aggregator, which forgets since when', async (t) => {
  const world = clockWorld()
  t.equal(world.run(TEN_MINUTES, unkept(['node-3'], { synchronised: false })).length, 1)
  for (const agent of world.fleet.agents.values()) agent.clockMemory.unsynchronisedSince = null
  t.equal(world.run(1, unkept(['node-3'], { synchronised: false })).length, 1)
})

t.test('where the clock is off already that is the fault, and this is listed under it', async (t) => {
  const off: Tells = (node, vantage) => ({
    ...unkept(['node-3'], { synchronised: false })(node, vantage, 0),
    clock: [aggregatorClock(node === 'node-3' ? -94 : 0)],
  })
  const world = clockWorld()
  const [finding, ...others] = world.run(TEN_MINUTES, off)
  t.same(others, [])
  t.match(finding, { fault: 'node-clock-wrong' })
  t.match(
    finding?.covers.map((id) => world.fleet.findings.get(id)?.fault),
    ['node-clock-unsynchronised'],
  )
})
