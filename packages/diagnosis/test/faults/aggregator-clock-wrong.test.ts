import t from 'tap'
import { aggregatorClock, ntpClock } from '../world.ts'
import { clockPlan, clockWorld, seen, servers, type Tells, threeNodes } from './clock-world.ts'

/** The clocks of the nodes against NTP, and the aggregator's, in seconds ahead. */
const tells =
  (node: (name: string) => number, aggregator: number, ...ntp: readonly string[]): Tells =>
  (name) => ({
    clock: [aggregatorClock(node(name) - aggregator), ...ntp.map((address) => ntpClock(node(name), address))],
  })
const right = () => 0
const names = (all: Tells, nodes = threeNodes) => seen(all, 8, nodes).map(({ fault }) => fault)

t.test('NTP says that the nodes are right: it is the aggregator which is not', async (t) => {
  const [finding, ...others] = seen(tells(right, 94, ...servers), 8)
  t.same(others, [])
  t.match(finding, {
    fault: 'aggregator-clock-wrong',
    severity: 'warning',
    confidence: 'certain',
    scope: { kind: 'cluster', nodes: [], subject: { pod: 'aggregator' } },
    story:
      "The aggregator's clock is 94 s ahead of the clocks of 3 nodes, which are right by NTP servers 192.0.2.1, 192.0.2.2 and 192.0.2.3: the times that are told here are off by as much.",
  })
  t.match(seen(tells(right, -7, '192.0.2.1'), 8, threeNodes, clockPlan(['192.0.2.1'])), [
    { confidence: 'possible', story: /7 s behind .* right by NTP server 192\.0\.2\.1/ },
  ])
  t.match(seen(tells(right, -7, ...servers), 8, ['node-1']), [
    { confidence: 'certain', story: /behind node-1's clock, which is right by NTP servers/ },
  ])
})

t.test('without NTP, and without servers that agree, it cannot be told', async (t) => {
  t.match(seen(tells(right, 94), 8), [
    { confidence: 'possible', story: /3 nodes; which is wrong cannot be told without NTP servers that agree\.$/ },
  ])
  t.match(seen(tells(right, 94), 8, ['node-1']), [{ story: /ahead of node-1's clock; which is wrong cannot be told/ }])
})

t.test('not inside the threshold, nor while it has not listened for long', async (t) => {
  t.same(names(tells(right, 0.4, ...servers)), [])
  t.same(seen(tells(right, 94, ...servers), 3), [])
})

t.test('not where the nodes do not agree with each other', async (t) => {
  t.notOk(names(tells((name) => 10 * Number(name.slice(5)), 94)).includes('aggregator-clock-wrong'))
})

t.test('not where NTP says that the nodes are off, and the aggregator is right', async (t) => {
  t.same(names(tells(() => -94, 0, ...servers)), ['cluster-clock-wrong'])
  t.same(
    names(
      tells(() => -94, 0, ...servers),
      ['node-1'],
    ),
    ['node-clock-wrong'],
  )
})

t.test('not where it runs on a node that is off as much: that one is named', async (t) => {
  t.same(names(tells((name) => (name === 'node-3' ? 94 : 0), 94, ...servers)), ['node-clock-wrong'])
})

t.test('it ends when they agree again, not while nothing is measured', async (t) => {
  const world = clockWorld()
  t.equal(world.run(8, tells(right, 94, ...servers)).length, 1)
  t.equal(world.run(6, () => ({})).length, 1)
  t.same(world.run(2, tells(right, 0, ...servers)), [])
})
