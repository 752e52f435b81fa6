import t from 'tap'
import { aggregatorClock, start } from '../world.ts'
import { clockPlan, clockWorld, kept, seen, type Tells, threeNodes } from './clock-world.ts'

const nobody = { daemon: 'none', synchronised: null, maxErrorSeconds: null } as const

/** No daemon on these nodes, whose clock is off by so much. */
const alone =
  (nodes: readonly string[], changes: Parameters<typeof kept>[0] = nobody, offset = 0): Tells =>
  (node, vantage) => ({
    clock: [aggregatorClock(nodes.includes(node) ? offset : 0)],
    ...(vantage === 'host' ? { facts: kept(nodes.includes(node) ? changes : {}) } : {}),
  })

t.test('nobody sets the clock, and it drifts', async (t) => {
  const drifting: Tells = (node, vantage, at) => ({
    ...alone(['node-2'])(node, vantage, at),
    clock: [aggregatorClock(node === 'node-2' ? 6e-5 * (at - start) - 0.04 : 0, 0.05)],
  })
  const world = clockWorld(threeNodes, clockPlan([]))
  const [finding, ...others] = world.run(130, drifting)
  t.same(others, [])
  t.match(finding, {
    fault: 'no-time-daemon',
    severity: 'warning',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    story: 'No time daemon runs on node-2: nobody sets its clock.',
  })
  t.match(
    finding?.covers.map((id) => world.fleet.findings.get(id)?.fault),
    ['node-clock-drifting'],
  )
})

t.test('or it is said to be unsynchronised', async (t) => {
  const told = { ...nobody, synchronised: false }
  t.match(seen(alone(['node-1', 'node-2'], told)), [
    { scope: { kind: 'group' }, story: 'No time daemon runs on node-1 and node-2: nobody sets their clock.' },
  ])
  t.match(seen(alone(threeNodes, told)), [{ scope: { kind: 'cluster' }, story: /^No time daemon runs on every node:/ }])
})

t.test('where the clock is off it is the likely cause, listed under the fault', async (t) => {
  const world = clockWorld()
  const [finding, ...others] = world.run(6, alone(['node-3'], nobody, -94))
  t.same(others, [])
  t.match(finding, { fault: 'node-clock-wrong' })
  t.match(
    finding?.covers.map((id) => world.fleet.findings.get(id)?.fault),
    ['no-time-daemon'],
  )
  t.same(world.run(2, alone(['node-3'])), [], 'both end with it')
})

t.test('not where the clock is well: a hypervisor may keep it', async (t) => {
  t.same(seen(alone(threeNodes)), [])
})

t.test('not where a daemon runs', async (t) => {
  t.same(
    seen(alone(['node-3'], { synchronised: false })).filter(({ fault }) => fault === 'no-time-daemon'),
    [],
  )
})
