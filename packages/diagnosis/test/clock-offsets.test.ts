import t from 'tap'
import { certainSeconds, isClockMeasured, nodeClock } from '../src/clock-offsets.ts'
import { aggregatorClock, clusterPlan, createWorld, good, ntpClock, present, push } from './world.ts'

const clockOf = (host: Parameters<typeof push>[4], pod: Parameters<typeof push>[4] = {}, later = 0) => {
  const world = createWorld(['node-1'])
  world.at += 60
  push(world, 'node-1', 'host', () => good(), host)
  push(world, 'node-1', 'pod', () => good(), pod)
  return nodeClock(world.fleet, present(world.fleet.nodes.get('node-1')), world.at + later)
}

t.test('host and pod share a clock: the surest fresh reading of either counts', async (t) => {
  const clock = clockOf(
    { clock: () => [aggregatorClock(1, 0.1), ntpClock(3)] },
    { clock: () => [aggregatorClock(2, 0.01)] },
  )
  t.match(clock, {
    aggregator: { offsetSeconds: 2, reference: 'aggregator' },
    ntp: [{ offsetSeconds: 3, reference: 'ntp 192.0.2.1' }],
  })
})

t.test('what is stale, unanswered or contradicted does not count', async (t) => {
  t.equal(clockOf({ clock: () => [aggregatorClock(1)] }, {}, 61).aggregator, null)
  const silent = { ...ntpClock(0), outcome: 'timeout' as const, offsetSeconds: null, uncertaintySeconds: null }
  t.same(clockOf({ clock: () => [silent] }).ntp, [])
  const contradicted = { ...ntpClock(5), secondOpinion: { offsetSeconds: 0, uncertaintySeconds: 0.01, agrees: false } }
  t.same(clockOf({ clock: () => [contradicted] }).ntp, [])
})

t.test('what was measured before the clock jumped does not count', async (t) => {
  const world = createWorld(['node-1'])
  world.at += 60
  push(world, 'node-1', 'host', () => good(), { clock: () => [ntpClock(0, '192.0.2.1')] })
  push(world, 'node-1', 'pod', () => good(), { clock: () => [ntpClock(0, '192.0.2.2')] })
  world.at += 15
  present(world.fleet.agents.get('host/node-1')).clockMemory.steps = [{ at: world.at - 5, seconds: -10, asleep: false }]
  const node = present(world.fleet.nodes.get('node-1'))
  t.same(nodeClock(world.fleet, node, world.at).ntp, [])
  push(world, 'node-1', 'pod', () => good(), { clock: () => [ntpClock(-10, '192.0.2.2')] })
  t.match(nodeClock(world.fleet, node, world.at).ntp, [{ offsetSeconds: -10, reference: 'ntp 192.0.2.2' }])
})

t.test('arithmetic', async (t) => {
  t.equal(certainSeconds({ offsetSeconds: -2, uncertaintySeconds: 0.5 }), 1.5)
  t.equal(certainSeconds({ offsetSeconds: 0.1, uncertaintySeconds: 0.5 }), 0)
})

t.test('of readings that are alike sure the later one counts', async (t) => {
  const world = createWorld(['node-1'])
  world.at += 60
  push(world, 'node-1', 'host', () => good(), { clock: () => [aggregatorClock(1)], ageSeconds: 5 })
  push(world, 'node-1', 'pod', () => good(), { clock: () => [aggregatorClock(2)] })
  const clock = nodeClock(world.fleet, present(world.fleet.nodes.get('node-1')), world.at)
  t.match(clock.aggregator, { offsetSeconds: 2 })
})

t.test('a surer reading that the newest contradicts is from before something was set', async (t) => {
  const measured = (pod: number) => {
    const world = createWorld(['node-1'])
    world.at += 30
    push(world, 'node-1', 'pod', () => good(), { clock: () => [ntpClock(pod, '192.0.2.1', 0.001)] })
    world.at += 30
    push(world, 'node-1', 'host', () => good(), { clock: () => [ntpClock(2, '192.0.2.1', 0.01)] })
    return nodeClock(world.fleet, present(world.fleet.nodes.get('node-1')), world.at).ntp
  }
  t.match(measured(0), [{ offsetSeconds: 2 }])
  t.match(measured(1.995), [{ offsetSeconds: 1.995 }], 'one that agrees is the surer one')
})

t.test('a server that is asked rarely is heard for longer', async (t) => {
  const world = createWorld(['node-1'], {
    ...clusterPlan,
    ntp: [{ address: '192.0.2.1', port: 123, everySeconds: 64 }],
  })
  world.at += 60
  push(world, 'node-1', 'host', () => good(), { clock: () => [ntpClock(3)] })
  const measured = (after: number) => isClockMeasured(world.fleet, 'node-1', world.at + after)
  t.ok(measured(192))
  t.notOk(measured(193))
  t.ok(isClockMeasured(world.fleet, 'gone', world.at), 'of a node that is gone nothing is left to tell')
})

t.test('a reading from before the aggregator’s clock was set does not count', async (t) => {
  const world = createWorld(['node-1'])
  world.at += 60
  push(world, 'node-1', 'host', () => good(), { clock: () => [aggregatorClock(1), ntpClock(1)] })
  world.fleet.clockSince = world.at
  const clock = nodeClock(world.fleet, present(world.fleet.nodes.get('node-1')), world.at)
  t.equal(clock.aggregator, null)
  t.match(clock.ntp, [{ offsetSeconds: 1 }])
})
