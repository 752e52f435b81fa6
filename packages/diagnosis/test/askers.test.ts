import type { Target } from '@oddnode/protocol'
import t from 'tap'
import { agentAlone, askersOf, cellsToward, failsForHalf, failsForNearlyAll, nearlyAll } from '../src/askers.ts'
import { cellsOf } from '../src/sight.ts'
import type { Sees } from './faults/fault-world.ts'
import { viewAfter } from './faults/sight-of.ts'
import { present } from './world.ts'

const endpoint: Target = { role: 'endpoint', address: '10.244.1.2', port: 53, learnedFrom: 'kubernetes' }
const failsOn =
  (...odd: string[]): Sees =>
  (node, { address }) =>
    odd.includes(node) && address === endpoint.address ? 'timeout' : null

t.test('a server that fails for half, or for nearly all', async (t) => {
  const one = viewAfter(failsOn('node-1'))
  t.notOk(failsForHalf(one, endpoint))
  const two = viewAfter(failsOn('node-1', 'node-2'))
  t.ok(failsForHalf(two, endpoint))
  t.notOk(failsForNearlyAll(two, endpoint, 'pod', 'udp'))
  const all = viewAfter(failsOn('node-1', 'node-2', 'node-3'))
  t.ok(failsForNearlyAll(all, endpoint, 'pod', 'udp'))
  t.ok(failsForNearlyAll(all, endpoint, 'host', 'tcp'))
  t.ok(failsForNearlyAll(all, endpoint, 'host', 'udp', ['external']))
  t.notOk(failsForNearlyAll(all, endpoint, 'host', 'udp', ['trap']), 'nobody asks that')
})

t.test('of one node nothing can be said', async (t) => {
  t.notOk(failsForNearlyAll(viewAfter(failsOn('node-1'), { nodes: ['node-1'] }), endpoint, 'pod', 'udp'))
})

t.test('who asks: a silent agent is left out', async (t) => {
  const view = viewAfter(() => null)
  t.equal(askersOf(view, endpoint).length, 6)
  const agents = [...view.fleet.agents.values()]
  present(agents.find(({ node, vantage }) => node === 'node-2' && vantage === 'pod')).lastSeen = view.at - 90
  t.same(
    askersOf(view, endpoint, 'tcp').map(({ node, vantage, cells }) => `${node} ${vantage} ${cells.length}`),
    ['node-1 host 1', 'node-1 pod 1', 'node-2 host 1', 'node-3 host 1', 'node-3 pod 1'],
  )
  const toward = cellsToward(view, ({ address }) => address === endpoint.address)
  t.equal(new Set(toward.map(({ node, vantage }) => `${node} ${vantage}`)).size, 5)
  t.ok(
    toward.some(({ planned }) => planned.question === 'reach'),
    'every probe, not only the plain ones',
  )
})

t.test('one agent alone', async (t) => {
  const view = viewAfter(() => null)
  const agent = present([...view.fleet.agents.values()].find(({ vantage }) => vantage === 'pod'))
  t.equal(cellsOf(agentAlone(agent), { vantage: 'pod', role: 'cluster-dns', question: 'kubernetes' }).length, 2)
  t.same(cellsOf(agentAlone(agent), { vantage: 'host', role: 'cluster-dns' }), [])
})

t.test('four of five, or all of one or two', async (t) => {
  t.equal(nearlyAll(['yes', 'yes', 'yes', 'yes', 'no']), 'yes')
  t.equal(nearlyAll(['yes', 'yes', 'no']), 'no')
  t.equal(nearlyAll(['yes', 'no']), 'no')
  t.equal(nearlyAll(['yes', 'no-data', 'yes']), 'yes')
  t.equal(nearlyAll(['yes', 'wait']), 'wait')
  t.equal(nearlyAll(['no-data']), 'no-data')
})

t.test('an upstream is asked for names outside the cluster', async (t) => {
  const upstream: Target = { role: 'upstream', address: '192.0.2.53', port: 53, learnedFrom: 'kubernetes' }
  const dead: Sees = (_, { role }) => (role === 'upstream' ? 'timeout' : null)
  t.ok(failsForNearlyAll(viewAfter(dead), upstream, 'host', 'udp'))
  t.notOk(
    failsForNearlyAll(
      viewAfter(() => null),
      upstream,
      'host',
      'udp',
    ),
  )
})
