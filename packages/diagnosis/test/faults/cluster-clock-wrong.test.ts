import t from 'tap'
import { aggregatorClock, ntpClock } from '../world.ts'
import { clockPlan, clockWorld, seen, type Tells, threeNodes } from './clock-world.ts'

const off =
  (seconds: number, ...servers: string[]): Tells =>
  () => ({ clock: [aggregatorClock(0), ...servers.map((address) => ntpClock(seconds, address))] })
const two = clockPlan(['192.0.2.1', '192.0.2.2'])

t.test('all nodes agree, and two NTP servers say that they are off', async (t) => {
  const [finding, ...others] = seen(off(-94, '192.0.2.1', '192.0.2.2'), 6, threeNodes, two)
  t.same(others, [])
  t.match(finding, {
    fault: 'cluster-clock-wrong',
    severity: 'critical',
    confidence: 'certain',
    scope: { kind: 'cluster', nodes: [] },
    story:
      'All nodes agree, but the cluster is 94 s behind NTP servers 192.0.2.1 and 192.0.2.2: what talks to the outside fails, inside all is well.',
  })
  t.match(seen(off(2, '192.0.2.1', '192.0.2.2'), 6, threeNodes, two), [
    { severity: 'warning', story: /2 s ahead of NTP servers/ },
  ])
})

t.test('one server: whether the cluster or the server is wrong cannot be told', async (t) => {
  t.match(seen(off(94, '192.0.2.1'), 6, threeNodes, clockPlan(['192.0.2.1'])), [
    {
      fault: 'cluster-clock-wrong',
      severity: 'warning',
      confidence: 'possible',
      scope: { kind: 'cluster', subject: { address: '192.0.2.1' } },
      story:
        'All nodes agree, but the cluster is 94 s ahead of NTP server 192.0.2.1; whether the cluster or that server is wrong cannot be told without a second one.',
    },
  ])
})

t.test('not where it is inside the threshold, or the uncertainty', async (t) => {
  t.same(seen(off(0.4, '192.0.2.1', '192.0.2.2'), 6, threeNodes, two), [])
  const unsure: Tells = () => ({
    clock: [aggregatorClock(0), ntpClock(2, '192.0.2.1', 1.9), ntpClock(2, '192.0.2.2', 1.9)],
  })
  t.same(seen(unsure, 6, threeNodes, two), [])
})

t.test('not where one node alone is off: that is its clock', async (t) => {
  const row: Tells = (node) => {
    const seconds = node === 'node-3' ? -94 : 0
    return { clock: [aggregatorClock(seconds), ntpClock(seconds, '192.0.2.1'), ntpClock(seconds, '192.0.2.2')] }
  }
  t.match(seen(row, 6, threeNodes, two), [{ fault: 'node-clock-wrong', scope: { nodes: ['node-3'] } }])
})

t.test('not where the nodes do not agree with each other', async (t) => {
  const apart: Tells = (node) => {
    const seconds = node === 'node-1' ? 0 : node === 'node-2' ? 0.2 : 0.4
    return { clock: [aggregatorClock(seconds), ntpClock(94, '192.0.2.1'), ntpClock(94, '192.0.2.2')] }
  }
  t.notOk(seen(apart, 6, threeNodes, two).some(({ fault }) => fault === 'cluster-clock-wrong'))
})

t.test('not where NTP says it of a few nodes only', async (t) => {
  const few: Tells = (node) => {
    const seconds = node === 'node-1' ? 94 : 0
    return { clock: [aggregatorClock(0), ntpClock(seconds, '192.0.2.1'), ntpClock(seconds, '192.0.2.2')] }
  }
  t.notOk(seen(few, 6, threeNodes, two).some(({ fault }) => fault === 'cluster-clock-wrong'))
})

t.test('the aggregator’s clock wrong is nobody’s fault', async (t) => {
  const shifted: Tells = () => ({
    clock: [aggregatorClock(94), ntpClock(0, '192.0.2.1'), ntpClock(0, '192.0.2.2')],
  })
  t.same(
    seen(shifted, 6, threeNodes, two).map(({ fault }) => fault),
    ['aggregator-clock-wrong'],
  )
})

t.test('it ends when NTP agrees again, not while it is silent', async (t) => {
  const world = clockWorld(threeNodes, two)
  t.equal(world.run(4, off(94, '192.0.2.1', '192.0.2.2')).length, 1)
  t.equal(world.run(10, off(94)).length, 1)
  t.same(world.run(1, off(0, '192.0.2.1', '192.0.2.2')), [])
})

t.test('not where NTP says something else of each node', async (t) => {
  const each: Tells = (node) => {
    const seconds = -50 * Number(node.slice(5))
    return { clock: [aggregatorClock(0), ntpClock(seconds, '192.0.2.1'), ntpClock(seconds, '192.0.2.2')] }
  }
  t.notOk(seen(each, 6, threeNodes, two).some(({ fault }) => fault === 'cluster-clock-wrong'))
})

t.test('two nodes and one server: one finding, and which is wrong cannot be told', async (t) => {
  t.match(seen(off(-94, '192.0.2.1'), 6, ['a', 'b'], clockPlan(['192.0.2.1'])), [
    { fault: 'cluster-clock-wrong', confidence: 'possible', severity: 'warning', scope: { kind: 'cluster' } },
  ])
})

t.test('not where NTP says that some node is right: it says who is wrong', async (t) => {
  const most: Tells = (node) => {
    const seconds = node === 'node-3' ? 0 : -94
    return { clock: [aggregatorClock(seconds), ntpClock(seconds, '192.0.2.1'), ntpClock(seconds, '192.0.2.2')] }
  }
  t.same(
    seen(most, 6, threeNodes, two).map(({ fault, scope }) => [fault, scope.nodes]),
    [['node-clock-wrong', ['node-1', 'node-2']]],
  )
})

t.test('all nodes agree only where all do', async (t) => {
  const fourth: Tells = (node) => {
    const seconds = node === 'node-4' ? -84 : -94
    return { clock: [aggregatorClock(seconds), ntpClock(seconds, '192.0.2.1'), ntpClock(seconds, '192.0.2.2')] }
  }
  const findings = seen(fourth, 6, [...threeNodes, 'node-4'], two)
  t.match(findings, [
    { fault: 'cluster-clock-wrong', story: /^3 of 4 nodes agree, but the cluster is 94 s behind/ },
    { fault: 'node-clock-wrong', scope: { nodes: ['node-4'] }, confidence: 'certain' },
  ])
})
