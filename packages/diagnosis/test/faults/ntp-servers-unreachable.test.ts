import type { ClockSample, Vantage } from '@oddnode/protocol'
import t from 'tap'
import { aggregatorClock, ntpClock } from '../world.ts'
import { clockPlan, clockWorld, seen, type Tells, threeNodes, troubled } from './clock-world.ts'

const two = ['192.0.2.1', '192.0.2.2']
const plan = clockPlan(two)

/** On these nodes no server answers this vantage. */
const lost =
  (
    nodes: readonly string[],
    vantages: readonly Vantage[] = ['host'],
    outcome: ClockSample['outcome'] = 'timeout',
  ): Tells =>
  (node, vantage) => ({
    clock: [
      aggregatorClock(0),
      ...two.map((address) =>
        nodes.includes(node) && vantages.includes(vantage) ? troubled(address, { outcome }) : ntpClock(0, address),
      ),
    ],
  })

t.test('one node reaches none of its servers, the others do', async (t) => {
  const world = clockWorld(threeNodes, plan)
  t.same(world.run(3, lost([])), [])
  t.same(world.run(1, lost(['node-2'])), [], 'one try is an accident')
  const [finding, ...others] = world.run(1, lost(['node-2']))
  t.same(others, [])
  t.match(finding, {
    fault: 'ntp-servers-unreachable',
    severity: 'warning',
    confidence: 'certain',
    scope: { kind: 'node', nodes: ['node-2'] },
    since: '2027-01-15T08:01:00.000Z',
    story: 'node-2 reaches none of its NTP servers (192.0.2.1 and 192.0.2.2); others do.',
    confirm: ["on node-2: chronyd -Q -t 3 'server 192.0.2.1 iburst'"],
  })
  t.equal(world.run(30, () => ({})).length, 1, 'it goes on while nobody asks')
  t.same(world.run(1, lost([])), [])
})

t.test('whatever way the packets are lost', async (t) => {
  for (const outcome of ['refused', 'unreachable', 'denied'] as const) {
    t.match(seen(lost(['node-2'], ['host'], outcome), 6, threeNodes, plan), [{ fault: 'ntp-servers-unreachable' }])
  }
})

t.test('a group, and every node', async (t) => {
  t.match(seen(lost(['node-1', 'node-2']), 6, threeNodes, plan), [
    {
      scope: { kind: 'group' },
      story: 'node-1 and node-2 reach none of their NTP servers (192.0.2.1 and 192.0.2.2); others do.',
    },
  ])
  t.match(seen(lost(threeNodes, ['host', 'pod']), 6, threeNodes, plan), [
    {
      scope: { kind: 'cluster' },
      story: 'Every node reaches none of its NTP servers (192.0.2.1 and 192.0.2.2); nobody does.',
    },
  ])
})

t.test('only pods: advice', async (t) => {
  t.match(seen(lost(['node-3'], ['pod']), 6, threeNodes, plan), [
    {
      severity: 'info',
      scope: { kind: 'node', nodes: ['node-3'], subject: { pod: 'agent-pod' } },
      story: 'Pods on node-3 reach none of the NTP servers (192.0.2.1 and 192.0.2.2); the host does.',
    },
  ])
  const world = clockWorld(threeNodes, plan)
  t.equal(world.run(6, lost(['node-3'], ['pod'])).length, 1)
  t.same(world.run(1, lost([])), [])
})

t.test('not where one of the servers answers, or answers without a time', async (t) => {
  const one: Tells = () => ({ clock: [aggregatorClock(0), ntpClock(0, '192.0.2.1'), troubled('192.0.2.2', {})] })
  t.same(seen(one, 6, threeNodes, plan), [])
  const useless = lost(['node-2'], ['host'], 'unsynchronised')
  t.notOk(seen(useless, 6, threeNodes, plan).some(({ fault }) => fault === 'ntp-servers-unreachable'))
})

t.test('not where one of them was not asked yet', async (t) => {
  const half: Tells = () => ({ clock: [aggregatorClock(0), troubled('192.0.2.2', {})] })
  t.same(seen(half, 6, threeNodes, plan), [])
})

t.test('not where no server is planned any more', async (t) => {
  t.same(seen(lost(threeNodes), 6, threeNodes, clockPlan([])), [])
})

t.test('where the clock is off, that is the fault', async (t) => {
  const off: Tells = (node, vantage, at) => {
    const told = lost(['node-2'])(node, vantage, at)
    return { clock: [aggregatorClock(node === 'node-2' ? -94 : 0), ...(told?.clock?.slice(1) ?? [])] }
  }
  t.match(seen(off, 6, threeNodes, plan), [{ fault: 'node-clock-wrong', covers: [/./] }])
})

t.test('where the host is not answered either, that is told, and not that pods are not', async (t) => {
  const world = clockWorld(threeNodes, plan)
  world.run(6, lost(['node-2'], ['host', 'pod']))
  t.same(
    [...world.fleet.findings.values()].map(({ severity }) => severity),
    ['warning'],
  )
})
