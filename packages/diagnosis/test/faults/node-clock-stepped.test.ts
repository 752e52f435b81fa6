import type { Round } from '@oddnode/protocol'
import t from 'tap'
import { aggregatorClock, start } from '../world.ts'
import { clockWorld, type Tells, threeNodes, well } from './clock-world.ts'

type Step = NonNullable<Round['clockSteps']>[number]

/** A step on these nodes, told by the round at this time. */
const stepOn =
  (nodes: readonly string[], when: number, step: Partial<Step> = {}): Tells =>
  (node, _, at) => ({
    ...well(),
    ...(nodes.includes(node) && at === when
      ? { clockSteps: [{ ageSeconds: 5, seconds: -94, asleep: false, ...step }] }
      : {}),
  })

t.test('a clock that was set back; both agents of the node tell of it, it is told once', async (t) => {
  const world = clockWorld()
  const [finding, ...others] = world.run(5, stepOn(['node-3'], start + 60))
  t.same(others, [])
  t.match(finding, {
    fault: 'node-clock-stepped',
    severity: 'warning',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-3'] },
    since: '2027-01-15T08:00:55.000Z',
    story: "node-3's clock jumped by 94 s backwards at 2027-01-15 08:00:55 UTC.",
  })
  t.equal(world.run(17, () => well()).length, 1)
  t.same(
    world.run(3, () => well()),
    [],
    'it is told for five minutes',
  )
})

t.test('forwards', async (t) => {
  t.match(clockWorld().run(4, stepOn(['node-1'], start + 60, { seconds: 0.3 })), [
    { story: /^node-1's clock jumped by 300 ms forwards at / },
  ])
})

t.test('all at once is one finding about the cluster, some are a group', async (t) => {
  t.match(clockWorld().run(4, stepOn(threeNodes, start + 60)), [
    {
      scope: { kind: 'cluster' },
      story:
        'The clocks of all nodes jumped by 94 s backwards at 2027-01-15 08:00:55 UTC, all at once: look at their time server.',
    },
  ])
  t.match(clockWorld().run(4, stepOn(['node-1', 'node-2'], start + 60)), [
    { scope: { kind: 'group', nodes: ['node-1', 'node-2'] }, story: /^The clocks of node-1 and node-2 jumped/ },
  ])
})

t.test('by different amounts, or at different times, are different findings', async (t) => {
  const apart: Tells = (node, vantage, at) =>
    node === 'node-1'
      ? stepOn(['node-1'], start + 60)(node, vantage, at)
      : stepOn(['node-2'], start + 60, { seconds: 2 })(node, vantage, at)
  t.equal(clockWorld().run(4, apart).length, 2)
  const later: Tells = (node, vantage, at) =>
    stepOn([node === 'node-1' ? 'node-1' : 'node-2'], node === 'node-1' ? start + 60 : start + 90)(node, vantage, at)
  t.equal(clockWorld().run(6, later).length, 2)
})

t.test('not where the machine was asleep, and not what is adjustment', async (t) => {
  t.same(clockWorld().run(5, stepOn(['node-3'], start + 60, { asleep: true })), [])
  t.same(clockWorld().run(5, stepOn(['node-3'], start + 60, { seconds: 0.1 })), [])
})

t.test('where the clock is wrong from then on that is the fault, and this is listed under it', async (t) => {
  const wrong: Tells = (node, vantage, at) => ({
    ...stepOn(['node-3'], start + 60)(node, vantage, at),
    clock: [aggregatorClock(node === 'node-3' && at >= start + 60 ? -94 : 0)],
  })
  const world = clockWorld()
  const [finding, ...others] = world.run(6, wrong)
  t.same(others, [])
  t.match(finding, { fault: 'node-clock-wrong' })
  t.match(
    finding?.covers.map((id) => world.fleet.findings.get(id)?.fault),
    ['node-clock-stepped'],
  )
})
